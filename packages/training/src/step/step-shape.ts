import type { BatchShape } from '../batches/batch.js';

/** The sizes a training graph is compiled for; a batch that has less is padded. */
export interface StepShape extends BatchShape {
  /** (row, column) pairs of the history mask. */
  readonly pairs: number;
}
