/**
 * Scores every item for some users. Anything that can do this can be evaluated.
 *
 * @param users user ids, shape [n]; valid during the call
 * @param out receives n x items scores, row by row, all of them finite; higher is better. The buffer is used again
 * for the next users.
 */
export type Scorer = (users: Int32Array, out: Float32Array) => void | Promise<void>;

/** Progress of an evaluation, in the shape of a progress event of `@towerkit/core`. */
export interface EvaluationProgress {
  readonly stage: 'evaluate';
  /** Users done so far. */
  readonly done: number;
  /** Users in all. */
  readonly total: number;
  readonly unit: 'users';
}
