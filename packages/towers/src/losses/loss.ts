import * as tf from '@tensorflow/tfjs';

/** What a loss sees of a batch: P positions, each with one target, all against the same C candidate items. */
export interface LossBatch {
  /** User vectors, [P, dimensions]; the score of an item is the dot product with its vector. */
  readonly users: tf.Tensor2D;
  /** Candidate item vectors, [C, dimensions]: the batch's targets first, then the sampled negatives. */
  readonly candidates: tf.Tensor2D;
  /** Column of each position's target among the candidates: int32 [P]. */
  readonly positives: tf.Tensor1D;
  /** Log of the probability that each candidate came into the set, [C]; Infinity in a column that holds none. */
  readonly logQ: tf.Tensor1D;
  /**
   * The same for each position's own target, [P]: the probability that it stands among the candidates for a reason other
   * than the position's own sequence. Left out: as `logQ` has it.
   */
  readonly targetLogQ?: tf.Tensor1D;
  /** (row, column) pairs that are no negatives, because the user has had the item: int32 [M, 2]. */
  readonly masked?: tf.Tensor2D;
  /** Ratings of the targets, [P], where the data has them. */
  readonly ratings?: tf.Tensor1D;
}

/** What to minimise: a loss per position. */
export interface Loss {
  readonly name: string;
  /** What it was made with, such as a temperature: names what differs when another run's checkpoint is resumed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether it needs ratings. Default false. */
  readonly ratings?: boolean;
  /** @returns [P] */
  apply(batch: LossBatch): tf.Tensor1D;
}

/** 1 in columns that hold a candidate, 0 in padding: [C]. */
export const isCandidate = (logQ: tf.Tensor1D): tf.Tensor1D =>
  tf.cast(tf.less(logQ, 1e30), 'float32') as tf.Tensor1D;

/** Score of each position's own target: [P]. */
export function positiveScores({ users, candidates, positives }: LossBatch): tf.Tensor1D {
  return tf.sum(tf.mul(users, tf.gather(candidates, positives)), 1) as tf.Tensor1D;
}

/**
 * Weight of each (position, candidate) as a negative, [P, C]: equal over the row's true negatives, summing to 1;
 * zero for the target itself, masked pairs and padding.
 */
export function negativeWeights({ users, candidates, positives, logQ, masked }: LossBatch): tf.Tensor2D {
  const [rows, columns] = [users.shape[0], candidates.shape[0]];
  const notTarget = tf.sub(1, tf.oneHot(tf.cast(positives, 'int32'), columns));
  let weights = tf.mul(notTarget, tf.expandDims(isCandidate(logQ), 0));
  if (masked) {
    const open = tf.tensorScatterUpdate(tf.ones([rows, columns]), masked, tf.zeros([masked.shape[0]]));
    weights = tf.mul(weights, open);
  }
  return tf.div(weights, tf.maximum(tf.sum(weights, 1, true), 1)) as tf.Tensor2D;
}
