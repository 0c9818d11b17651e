import fc from 'fast-check';
import { join } from 'node:path';

import { changedNames, filesBelow, tampering, type Tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';

/** An index of an artifact with files that are not what they were. */
export interface IndexCase {
  readonly artifact: string;
  readonly tampering: Tampering;
}

const LIMIT = 10_000;

/** Saved indexes of each driver in memory, changed, with an `index.json` that fits: loaded and searched. */
export const indexes = (drivers: readonly string[], codes: ReadonlySet<string>): Target<IndexCase> => ({
  name: 'indexes',
  artifacts: drivers,
  cases: () => fc.record({ artifact: fc.constantFrom(...drivers), tampering }),
  async open(fixtures, folder) {
    const files = new Map<string, string[]>();
    for (const name of drivers) files.set(name, await filesBelow(join(fixtures.folder, name, 'index')));
    return new Victim({
      subject: 'indexes',
      folder,
      fixtures: fixtures.folder,
      codes,
      limit: LIMIT,
      about: (tried) => {
        const { artifact, tampering } = tried as IndexCase;
        return `${artifact}, ${changedNames(tampering, files.get(artifact)!)}`;
      },
    });
  },
});
