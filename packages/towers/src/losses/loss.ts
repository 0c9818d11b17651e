import { TowerkitError } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

/** What a loss sees of a batch: P positions, each with one target, all against the same C candidate items. */
export interface LossBatch {
  /** User vectors, [P, dimensions]; the score of an item is the dot product with its vector. */
  readonly users: tf.Tensor2D;
  /** Candidate item vectors, [C, dimensions]: the batch's targets first, then the sampled negatives; or all items in order. */
  readonly candidates: tf.Tensor2D;
  /** How many of the last columns of all vectors are biases, and what stands against them. Default none. */
  readonly biasColumns?: number;
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
  /** Ratings or labels of the targets, [P], where the data has them. */
  readonly ratings?: tf.Tensor1D;
  /** 1, or 0 where a target has no rating, [P]; for a loss that is `partlyRated`. */
  readonly isRated?: tf.Tensor1D;
  /** What the model predicts these ratings to be, [P], where it has a head for them. */
  readonly predictedRatings?: tf.Tensor1D;
  /** Dense id of each candidate, int32 [C], for a loss that asks for `ids`; that of an unused column means nothing. */
  readonly ids?: tf.Tensor1D;
  /** A teacher's score of each candidate at each position, [P, C], for a loss with a `teacher`; -1e30 where it has none. */
  readonly teacher?: tf.Tensor2D;
  /** What users are known not to want, for a loss of `dislikes`: one item for each position, drawn from its user's. */
  readonly disliked?: {
    /** Vector of the item: [P, dimensions]. */
    readonly vectors: tf.Tensor2D;
    /** 1, or 0 where the user dislikes nothing: [P]. */
    readonly present: tf.Tensor1D;
  };
}

/** How a number that a model gives reads as a rating: plus `offset`, and not outside `range`. */
export interface RatingScale {
  readonly offset: number;
  /** Lowest and highest rating there is. */
  readonly range?: readonly [number, number];
}

/** What to minimise: a loss per position. */
export interface Loss {
  readonly name: string;
  /** What it was made with, such as a temperature: names what differs when another run's checkpoint is resumed. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether it needs ratings. Default false. */
  readonly ratings?: boolean;
  /** How a score reads as a rating, for a loss whose scores are ratings. */
  readonly rating?: RatingScale;
  /** Whether some ratings may be missing (NaN). Default false. */
  readonly partlyRated?: boolean;
  /** Whether it looks at the targets alone, so that no negatives need be drawn. Default false. */
  readonly targetsOnly?: boolean;
  /** Whether it asks for the ids of the candidates. Default false. */
  readonly ids?: boolean;
  /** Whether it needs a teacher's scores. Default false. */
  readonly teacher?: boolean;
  /** Whether it learns from dislikes, where the data has some. Default false. */
  readonly dislikes?: boolean;
  /** `needed` where the candidates must be the whole catalog. */
  readonly whole?: 'needed';
  /** @returns [P] */
  apply(batch: LossBatch): tf.Tensor1D;
  /**
   * The weighted sum of what `apply` gives, where the candidates are the whole catalog (all with log q 0): for a loss that can
   * do without the array of positions x items.
   *
   * @param weights of the positions, [P], of sum 1
   */
  mean?(batch: LossBatch, weights: tf.Tensor1D): tf.Scalar;
}

/** What a loss around others is told by, and needs because they do: its `settings` and the data that they learn from. */
export const around = (loss: Loss, own: Readonly<Record<string, unknown>>) => ({
  settings: { loss: { name: loss.name, ...loss.settings }, ...own },
  ratings: loss.ratings,
  rating: loss.rating,
  partlyRated: loss.partlyRated,
  ids: loss.ids,
  teacher: loss.teacher,
  dislikes: loss.dislikes,
  whole: loss.whole,
});

/** 1 in columns that hold a candidate, 0 in padding: [C]. */
export const isCandidate = (logQ: tf.Tensor1D): tf.Tensor1D =>
  tf.cast(tf.less(logQ, 1e30), 'float32') as tf.Tensor1D;

/** Score of each position's own target: [P]. */
export function positiveScores({ users, candidates, positives }: LossBatch): tf.Tensor1D {
  return tf.sum(tf.mul(users, tf.gather(candidates, positives)), 1) as tf.Tensor1D;
}

/** 1 for each (position, candidate) that is a true negative; 0 for the target itself, masked pairs and padding: [P, C]. */
export function openPairs({ users, candidates, positives, logQ, masked }: LossBatch): tf.Tensor2D {
  const [rows, columns] = [users.shape[0], candidates.shape[0]];
  const notTarget = tf.sub(1, tf.oneHot(tf.cast(positives, 'int32'), columns));
  const open = tf.mul(notTarget, tf.expandDims(isCandidate(logQ), 0)) as tf.Tensor2D;
  if (!masked) return open;
  const unmasked = tf.tensorScatterUpdate(tf.ones([rows, columns]), masked, tf.zeros([masked.shape[0]]));
  return tf.mul(open, unmasked);
}

/** Weight of each (position, candidate) as a negative: equal over the row's true negatives, summing to 1: [P, C]. */
export function negativeWeights(batch: LossBatch): tf.Tensor2D {
  const open = openPairs(batch);
  return tf.div(open, tf.maximum(tf.sum(open, 1, true), 1)) as tf.Tensor2D;
}

/** The error of a loss whose batch has no ratings. */
export const noRatings = (loss: string) =>
  new TowerkitError('NO_RATINGS', `the ${loss} loss needs ratings, and the data has none`, {
    hint: 'map a rating column, or choose a ranking loss such as sampledSoftmax()',
  });
