import fc from 'fast-check';

import { tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { tamperedVictim, type TamperedCase } from './tampered.js';

const LIMIT = 10_000;

/** Saved indexes of each driver in memory, changed, with an `index.json` that fits: loaded and searched. */
export const indexes = (drivers: readonly string[], codes: ReadonlySet<string>): Target<TamperedCase> => ({
  name: 'indexes',
  artifacts: drivers,
  cases: () => fc.record({ artifact: fc.constantFrom(...drivers), tampering }),
  open: (fixtures, folder) =>
    tamperedVictim({ subject: 'indexes', folder, fixtures, codes, limit: LIMIT }, drivers, 'index'),
});
