import { TowerkitError } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';

import { holdCheckpoints } from '../checkpoint/hold-checkpoints.js';
import { checkData, checkRatings } from '../data.js';
import type { TrainOptions } from './options.js';
import type { TrainResult } from './train-result.js';
import { TrainingRun } from './training-run.js';

/**
 * Trains a two-tower on next-item prediction: every position of every history predicts the item after it.
 * Everything drawn at random comes from `seed`; on one thread the same seed gives the same weights, also when
 * the run was interrupted and resumed in between.
 *
 * @throws TowerkitError `EMPTY_DATA` or `BAD_DATA` for data that cannot be trained on, `NO_RATINGS` for a loss of ratings
 *   without any, `NO_TEACHER`, `NOT_CAUSAL` for a user tower that reads items behind the position it is asked about, `BAD_OPTION` for
 *   epochs that make no sense and for a `wholeSoftmax` without `negatives: 'all'`, `TOO_LARGE` for a catalog that is too large for
 *   them, `LOSS_NOT_FINITE` with the step at which it happened, `BAD_CHECKPOINT` and `OTHER_RUN` on
 *   resume, `LOCKED` while another run keeps its checkpoints in the same folder, and what the engine throws for a tower it
 *   cannot compile
 * @example
 * ```ts
 * const histories = new CsrMatrix(2, 3, Int32Array.of(0, 3, 6), Int32Array.of(0, 1, 2, 0, 1, 2));
 * const model = twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) });
 * const { epochs } = await train({ model, data: { histories }, epochs: 3 });
 * ```
 */
export function train(options: TrainOptions): Promise<TrainResult> {
  return holdCheckpoints(options.checkpoint?.folder, () => trainAlone(options));
}

async function trainAlone(options: TrainOptions): Promise<TrainResult> {
  checkData(options.data);
  checkRatings(options.model.loss, options.data);
  checkTeacher(options);
  const engine = options.engine ?? (await createEngine({ threads: options.threads }));
  try {
    const run = await TrainingRun.create(options, engine);
    try {
      return await run.run();
    } finally {
      await run.close();
    }
  } finally {
    if (!options.engine) await engine.dispose();
  }
}

/** @throws TowerkitError `NO_TEACHER` for a loss that learns from one which is not there */
function checkTeacher({ model: { loss }, teacher }: TrainOptions): void {
  if (loss.teacher && !teacher)
    throw new TowerkitError('NO_TEACHER', `the loss "${loss.name}" needs a teacher, and there is none`, {
      hint: 'give train() a `teacher`, or choose another loss',
    });
}
