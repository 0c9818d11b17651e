import type { TwoTower } from '@towerkit/towers';

import type { BatchOptions } from './batch-assembler.js';

/**
 * How batches are made for a model: what hangs on the model itself, unless options say otherwise.
 *
 * @param hard hard negatives of each position
 */
export const batchesOf = (
  { idDropout, userInputs, loss }: TwoTower,
  options: BatchOptions | undefined,
  hard: number | undefined,
) => ({
  unseen: idDropout === 0,
  history: 'history' in userInputs,
  candidates: loss.targetsOnly !== true,
  ...options,
  hard,
});
