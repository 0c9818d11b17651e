import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import type { Loss, RatingScale } from './losses/loss.js';
import { sampledSoftmax } from './losses/sampled-softmax.js';
import { contentColumns, type ContentSimilarity } from './content-columns.js';
import { BIAS, checkInputDropout, dropIds, dropMoments } from './input-dropout.js';
import { checkTowers } from './check-towers.js';
import type { Parameters } from './parameters.js';
import { RATING_BIAS, ratingHead } from './rating-head.js';
import { prefixed, scope, within } from './scoped-names.js';
import type { Tower, TowerContext, TowerGates, TowerInput } from './tower.js';

/** Options of {@link twoTower}. */
export interface TwoTowerOptions {
  /** Tower of the items; its inputs may be embeddings and features. */
  readonly item: Tower;
  /** Tower of the users, of the same dimensions; its history, where it has one, is made of item vectors. */
  readonly user: Tower;
  /** What to minimise. Default {@link sampledSoftmax}. */
  readonly loss?: Loss;
  /** Whether each item has a learned bias. Default true, false with `normalize`. */
  readonly bias?: boolean;
  /**
   * Whether each user has a learned bias, one more column of the user vector against a constant 1 in the item vector: for
   * ratings, since it changes no ranking. Default false, true with `rating`.
   */
  readonly userBias?: boolean;
  /** How ratings read, for a head that predicts them beside the choice: see `rated`. A loss such as `mse` needs none. */
  readonly rating?: RatingScale;
  /** Whether both vectors are scaled to length 1, so that a score is a cosine. Default false. */
  readonly normalize?: boolean;
  /**
   * Share of the items of a training batch, in [0, 1), that are seen without their id (its vectors and the bias are zero),
   * so that what else is known of an item can stand alone: for items that nobody has had yet. Default 0.
   */
  readonly idDropout?: number;
  /**
   * Share of the sequences of a training batch, in [0, 1), whose user is seen without their id, so that what else is known of
   * a user can stand alone: for users who have nothing yet. Default 0.
   */
  readonly userIdDropout?: number;
  /**
   * Share of the examples of a training batch, in [0, 1), of whose moment nothing is seen, so that a question that says nothing of
   * its moment is answered by what else is known. Default 0.
   */
  readonly momentDropout?: number;
  /**
   * Content by which items are compared with the history directly, by the name of the item tower's feature with the width
   * it is mapped to, such as `{title: 64}`; with `weight`, as in `{location: {dimensions: 192, weight: 8}}`, for content whose inner products are far
   * below those of ids, or far above. A score then has one more term, the inner product of an item's mapped content
   * with the mean of the history's and with its last: what a search for the nearest titles does, learned with the rest.
   * None by default.
   */
  readonly similarity?: Readonly<Record<string, number | ContentSimilarity>>;
  /**
   * Features of the item tower whose values the user tower's history holds in place of item vectors, side by side: a user is then read
   * from what their items are like, as an `mlpTower` with the history, their mean, does. The history is as wide as they are together.
   * None by default.
   */
  readonly profile?: readonly string[];
}

/** Tensors by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * Two towers into one space. A dot product is the whole score: a learned item bias is one more column of the
 * item vector, against a constant 1 in the user vector, so that any index can serve it.
 */
export interface TwoTower {
  readonly item: Tower;
  readonly user: Tower;
  readonly loss: Loss;
  readonly bias: boolean;
  /** Whether users have a learned bias: the last column of the item vectors is then 1. */
  readonly userBias: boolean;
  /** How many of the last columns of all vectors are biases, and what stands against them. */
  readonly biasColumns: number;
  readonly normalize: boolean;
  /** Share of a batch's items that are seen without their id; above 0, items without training rows have none. */
  readonly idDropout: number;
  /** The same of users. */
  readonly userIdDropout: number;
  /** The same of examples whose moment is not seen. */
  readonly momentDropout: number;
  /** Width of the vectors that are multiplied: the towers' dimensions, that of mapped content, and 1 with each bias. */
  readonly dimensions: number;
  /** What the item side reads per item, the bias included. */
  readonly itemInputs: Readonly<Record<string, TowerInput>>;
  /** What the user side reads per user or per moment, the history and the bias included. */
  readonly userInputs: Readonly<Record<string, TowerInput>>;
  /** Fresh dense weights of both towers, named `item.*` and `user.*`. */
  init(rng: Rng): Parameters;
  /** Item vectors [items, dimensions] from the item inputs [items, dimensions] each. */
  itemVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
  /**
   * User vectors [positions, dimensions].
   *
   * @param inputs the user inputs; `history` holds item vectors, [batch, steps, dimensions]
   */
  userVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
  /**
   * The vectors that choices and, with a rating head, ratings are asked by, from one run of the user tower: parameters and
   * results as of `userVectors`.
   */
  userQueries(
    parameters: Tensors,
    inputs: Tensors,
    context: TowerContext,
  ): { readonly vectors: tf.Tensor2D; readonly ratings?: tf.Tensor2D };
  /** How it predicts ratings: products of these user vectors with the item vectors, read on a scale. Absent if it does not. */
  readonly rating?: { readonly scale: RatingScale; readonly userVectors: TwoTower['userVectors'] };
  /** What each tower makes of what it reads, of weights and inputs as for the vectors; where a tower has gates. */
  readonly gates: { readonly item?: TowerGates; readonly user?: TowerGates };
}

/**
 * Assembles two towers and a loss into a model.
 *
 * @throws TowerkitError `BAD_TOWER` when the towers do not fit together, or a rating head and the loss; `BAD_OPTION` for an offset
 *   or a range that makes no sense
 * @example
 * ```ts
 * const model = twoTower({ item: itemTower({ dimensions: 32 }), user: gruTower({ dimensions: 32 }) });
 * ```
 */
export function twoTower({
  item,
  user,
  loss = sampledSoftmax(),
  normalize = false,
  bias = !normalize,
  userBias = false,
  rating,
  idDropout = 0,
  userIdDropout = 0,
  momentDropout = 0,
  similarity = {},
  profile = [],
}: TwoTowerOptions): TwoTower {
  const ofUser = userBias || rating !== undefined;
  if (normalize && (bias || ofUser))
    throw new TowerkitError('BAD_TOWER', 'normalized vectors cannot carry a bias');
  checkInputDropout({ item, user, userBias: ofUser }, { idDropout, userIdDropout, momentDropout });
  const content = contentColumns(item, user, similarity, profile);
  if (normalize && content.dimensions > 0)
    throw new TowerkitError('BAD_TOWER', 'normalized vectors cannot carry columns of content');
  checkTowers(item, user, { userBias: ofUser, history: content.historyDimensions });
  const head = rating && ratingHead(item.dimensions, rating);
  if (head && loss.rating)
    throw new TowerkitError('BAD_TOWER', `the scores of the loss "${loss.name}" are ratings already`, {
      hint: 'leave out the option `rating`',
    });
  if (head && !loss.ratings)
    throw new TowerkitError('BAD_TOWER', `from the loss "${loss.name}" a rating head learns nothing`, {
      hint: 'put the loss into rated({ loss }), or leave out the option `rating`',
    });
  const itemInputs = {
    ...item.inputs,
    ...(bias && { bias: BIAS }),
    ...(head && { [RATING_BIAS]: BIAS }),
  };
  const userInputs = ofUser ? { ...user.inputs, bias: BIAS } : user.inputs;
  const between = content.dimensions + (bias ? 1 : 0);
  const readable = (inputs: Tensors): Tensors =>
    inputs.history ? { ...inputs, history: content.history(inputs.history as tf.Tensor3D) } : inputs;
  const joined = (columns: readonly tf.Tensor[]) =>
    (columns.length === 1 ? columns[0] : tf.concat([...columns], 1)) as tf.Tensor2D;
  const queries: TwoTower['userQueries'] = (parameters, inputs, context) => {
    const named = dropIds(inputs, userInputs, userIdDropout, context);
    const { bias: column, ...own } = dropMoments(named, userInputs, momentDropout, context);
    const seen = ofUser || column === undefined ? own : { ...own, bias: column };
    const users = user.apply(scope(parameters, 'user.'), readable(seen), within('user.', context));
    if (normalize) return { vectors: unit(users) };
    const ownBias = ofUser ? context.perPosition(column as tf.Tensor2D) : undefined;
    const rows = users.shape[0];
    const vectors = joined([
      users,
      ...content.ofUsers(parameters, inputs.history as tf.Tensor3D, context),
      ...(bias ? [tf.ones([rows, 1])] : []),
      ...(head ? [tf.zeros([rows, 2])] : ownBias ? [ownBias] : []),
    ]);
    return { vectors, ...(head && { ratings: head.users(parameters, users, ownBias!, between) }) };
  };
  const userVectors: TwoTower['userVectors'] = (...given) => queries(...given).vectors;

  return {
    item,
    user,
    loss,
    bias,
    userBias: ofUser,
    biasColumns: (bias ? 1 : 0) + (head ? 1 : 0) + (ofUser ? 1 : 0),
    normalize,
    idDropout,
    userIdDropout,
    momentDropout,
    dimensions: item.dimensions + between + (head ? 1 : 0) + (ofUser ? 1 : 0),
    itemInputs,
    userInputs,
    init: (rng) => ({
      ...prefixed('item', item.init(rng.fork('item'))),
      ...prefixed('user', user.init(rng.fork('user'))),
      ...content.init(rng.fork('similarity')),
      ...head?.init(rng.fork('rating')),
    }),
    itemVectors(parameters, inputs, context) {
      const { bias: column, [RATING_BIAS]: rated, ...own } = dropIds(inputs, itemInputs, idDropout, context);
      const vectors = item.apply(scope(parameters, 'item.'), own, within('item.', context));
      if (normalize) return unit(vectors);
      return joined([
        vectors,
        ...content.ofItems(parameters, inputs),
        ...(bias ? [column] : []),
        ...(head ? [rated] : []),
        ...(ofUser ? [tf.ones([vectors.shape[0], 1])] : []),
      ]);
    },
    userQueries: queries,
    userVectors,
    ...(head && { rating: { scale: head.scale, userVectors: (...given) => queries(...given).ratings! } }),
    ...(!head && loss.rating && { rating: { scale: loss.rating, userVectors } }),
    gates: {
      item: item.gates && {
        names: item.gates.names,
        apply: (parameters, { bias: _, [RATING_BIAS]: __, ...own }, context) =>
          item.gates!.apply(scope(parameters, 'item.'), own, context),
      },
      user: user.gates && {
        names: user.gates.names,
        apply: (parameters, { bias, ...own }, context) =>
          user.gates!.apply(scope(parameters, 'user.'), readable(ofUser ? own : { ...own, bias }), context),
      },
    },
  };
}

/** x / |x|, by row; the tiny floor keeps the gradient of a zero vector finite. */
const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-12))) as tf.Tensor2D;
