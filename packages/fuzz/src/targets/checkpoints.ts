import fc from 'fast-check';

import { changedNames, tampering, UNTOUCHED, type Tampering } from '../generate/tampering.js';
import type { Target } from '../run/target.js';
import { Victim } from '../victim/victim.js';

/** Checkpoints of a run with files that are not what they were. */
export interface CheckpointCase {
  readonly tampering: Tampering;
}

const LIMIT = 30_000;

/** Files of a folder of checkpoints. */
const CHECKPOINT_FILES = ['best.safetensors', 'last.safetensors'];

/** Checkpoints of a run, changed, that training is told to go on from. */
export const checkpoints = (codes: ReadonlySet<string>): Target<CheckpointCase> => ({
  name: 'checkpoints',
  artifacts: [],
  cases: () => fc.record({ tampering }),
  open: (fixtures, folder) =>
    Victim.open(
      {
        subject: 'checkpoints',
        folder,
        fixtures: fixtures.folder,
        codes,
        limit: LIMIT,
        about: (tried) => changedNames((tried as CheckpointCase).tampering, CHECKPOINT_FILES),
      },
      [{ tampering: UNTOUCHED }],
    ),
});
