import fc from 'fast-check';
import { join } from 'node:path';

import type { Fixtures } from '../fixtures/fixtures.js';
import { changedNames, filesBelow, tampering, type Tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';

/** An artifact with files that are not what they were. */
export interface ArtifactCase {
  readonly artifact: string;
  /** Where files of another artifact come from. */
  readonly other: string;
  readonly tampering: Tampering;
}

/** Milliseconds to open a small artifact and ask it a few questions. */
const LIMIT = 20_000;

/** Artifacts whose files were changed, with a manifest that fits them: opened and asked, each kind of model. */
export const artifacts = (names: readonly string[], codes: ReadonlySet<string>): Target<ArtifactCase> => ({
  name: 'artifacts',
  artifacts: names,
  cases: () =>
    fc.record({ artifact: fc.constantFrom(...names), other: fc.constantFrom(...names), tampering }),
  async open(fixtures: Fixtures, folder: string) {
    const files = new Map<string, string[]>();
    for (const name of names) files.set(name, await filesBelow(join(fixtures.folder, name)));
    return new Victim({
      subject: 'artifacts',
      folder,
      fixtures: fixtures.folder,
      codes,
      limit: LIMIT,
      about: (tried) => {
        const { artifact, tampering } = tried as ArtifactCase;
        return `${artifact}, ${changedNames(tampering, files.get(artifact)!)}`;
      },
    });
  },
});
