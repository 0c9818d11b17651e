import fc from 'fast-check';

import { tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { tamperedVictim, type TamperedCase } from './tampered.js';

/** An artifact with files that are not what they were. */
export interface ArtifactCase extends TamperedCase {
  /** Where files of another artifact come from. */
  readonly other: string;
}

/** Milliseconds to open a small artifact and ask it a few questions. */
const LIMIT = 20_000;

/** Artifacts whose files were changed, with a manifest that fits them: opened and asked, each kind of model. */
export const artifacts = (names: readonly string[], codes: ReadonlySet<string>): Target<ArtifactCase> => ({
  name: 'artifacts',
  artifacts: names,
  cases: () =>
    fc.record({ artifact: fc.constantFrom(...names), other: fc.constantFrom(...names), tampering }),
  open: (fixtures, folder) =>
    tamperedVictim({ subject: 'artifacts', folder, fixtures, codes, limit: LIMIT }, names),
});
