import type { TwoTower } from '@towerkit/towers';

import type { BatchOptions } from './batch-assembler.js';

/** How a training makes its batches: {@link BatchOptions} without those that say what the model reads. */
export type TrainingBatchOptions = Omit<BatchOptions, 'history' | 'candidates' | 'hard'>;

/**
 * How batches are made for a model: as the options say, with what it reads of them and nothing else.
 *
 * @param hard hard negatives of each position
 */
export const batchesOf = (
  { idDropout, userInputs, loss }: TwoTower,
  options: TrainingBatchOptions | undefined,
  hard: number | undefined,
) => ({
  unseen: idDropout === 0,
  ...options,
  history: 'history' in userInputs,
  candidates: loss.targetsOnly !== true,
  hard,
});
