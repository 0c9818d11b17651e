import type { TwoTower } from '@towerkit/towers';

import type { BatchOptions } from './batch-assembler.js';

/** What batches hold, as far as it hangs on the model that is trained by them; options may say otherwise. */
export const batchesOf = ({ idDropout, userInputs, loss }: TwoTower) =>
  ({
    unseen: idDropout === 0,
    history: 'history' in userInputs,
    candidates: loss.targetsOnly !== true,
  }) satisfies BatchOptions;
