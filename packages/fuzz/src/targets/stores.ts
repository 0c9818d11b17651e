import fc from 'fast-check';

import { tampering, UNTOUCHED, type Tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';

/** What is kept in files beside artifacts: encoders of texts, their vectors, events. */
export const STORES = ['lsa', 'cache', 'events'] as const;

/** A store with files that are not what they were. */
export interface StoreCase {
  readonly store: (typeof STORES)[number];
  readonly tampering: Tampering;
}

const LIMIT = 15_000;

/** Text encoders, caches of their vectors and databases of events, changed: opened and used. */
export const stores = (codes: ReadonlySet<string>): Target<StoreCase> => ({
  name: 'stores',
  artifacts: [],
  cases: () => fc.record({ store: fc.constantFrom(...STORES), tampering }),
  open: (fixtures, folder) =>
    Victim.open(
      {
        subject: 'stores',
        folder,
        fixtures: fixtures.folder,
        codes,
        limit: LIMIT,
        about: (tried) => (tried as StoreCase).store,
      },
      STORES.map((store) => ({ store, tampering: UNTOUCHED })),
    ),
});
