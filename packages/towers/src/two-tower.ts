import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import type { Loss } from './losses/loss.js';
import { sampledSoftmax } from './losses/sampled-softmax.js';
import type { Parameters } from './parameters.js';
import type { Tower, TowerContext, TowerInput } from './tower.js';

/** Options of {@link twoTower}. */
export interface TwoTowerOptions {
  /** Tower of the items; its inputs may be embeddings and features. */
  readonly item: Tower;
  /** Tower of the users, of the same dimension; its history, where it has one, is made of item vectors. */
  readonly user: Tower;
  /** What to minimise. Default {@link sampledSoftmax}. */
  readonly loss?: Loss;
  /** Whether each item has a learned bias. Default true, false with `normalize`. */
  readonly bias?: boolean;
  /** Whether both vectors are scaled to length 1, so that a score is a cosine. Default false. */
  readonly normalize?: boolean;
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
  readonly normalize: boolean;
  /** Width of the vectors that are multiplied: the towers' dimension, plus 1 with a bias. */
  readonly width: number;
  /** What the item side reads per item, the bias included. */
  readonly itemInputs: Readonly<Record<string, TowerInput>>;
  /** What the user side reads per user, the history included. */
  readonly userInputs: Readonly<Record<string, TowerInput>>;
  /** Fresh dense weights of both towers, named `item.*` and `user.*`. */
  init(rng: Rng): Parameters;
  /** Item vectors [items, width] from the item inputs [items, dimension] each. */
  itemVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
  /**
   * User vectors [positions, width].
   *
   * @param inputs the user inputs; `history` holds item vectors, [batch, steps, width]
   */
  userVectors(parameters: Tensors, inputs: Tensors, context: TowerContext): tf.Tensor2D;
}

/**
 * Assembles two towers and a loss into a model.
 *
 * @throws TowerkitError `BAD_TOWER` when the towers do not fit together
 * @example
 * ```ts
 * const model = twoTower({ item: itemTower({ dimension: 32 }), user: gruTower({ dimension: 32 }) });
 * ```
 */
export function twoTower({
  item,
  user,
  loss = sampledSoftmax(),
  normalize = false,
  bias = !normalize,
}: TwoTowerOptions): TwoTower {
  if (item.dimension !== user.dimension)
    throw new TowerkitError(
      'BAD_TOWER',
      `the item tower gives ${item.dimension} values and the user tower ${user.dimension}: they must agree`,
    );
  if (normalize && bias) throw new TowerkitError('BAD_TOWER', 'normalized vectors cannot carry an item bias');
  for (const [side, tower] of Object.entries({ item, user }))
    for (const [name, input] of Object.entries(tower.inputs)) {
      if (name === 'bias' && side === 'item')
        throw new TowerkitError('BAD_TOWER', "an item tower's input cannot be named 'bias'");
      if (
        input.kind === 'history' &&
        (side === 'item' || name !== 'history' || input.dimension !== item.dimension)
      )
        throw new TowerkitError(
          'BAD_TOWER',
          `a history must be an input named 'history' of the user tower, ${item.dimension} wide`,
        );
    }
  const itemInputs = bias
    ? { ...item.inputs, bias: { kind: 'embedding', of: 'id', dimension: 1, stddev: 0 } as const }
    : item.inputs;

  return {
    item,
    user,
    loss,
    bias,
    normalize,
    width: item.dimension + (bias ? 1 : 0),
    itemInputs,
    userInputs: user.inputs,
    init: (rng) => ({
      ...prefixed('item', item.init(rng.fork('item'))),
      ...prefixed('user', user.init(rng.fork('user'))),
    }),
    itemVectors(parameters, { bias: column, ...inputs }, context) {
      const vectors = item.apply(scoped('item', parameters), inputs, context);
      if (normalize) return unit(vectors);
      return bias ? (tf.concat([vectors, column], 1) as tf.Tensor2D) : vectors;
    },
    userVectors(parameters, inputs, context) {
      const given = { ...inputs };
      if (bias && given.history) {
        const [batch, steps] = given.history.shape;
        given.history = tf.slice(given.history, [0, 0, 0], [batch, steps, item.dimension]);
      }
      const vectors = user.apply(scoped('user', parameters), given, context);
      if (normalize) return unit(vectors);
      return bias ? (tf.concat([vectors, tf.ones([vectors.shape[0], 1])], 1) as tf.Tensor2D) : vectors;
    },
  };
}

/** x / |x|, by row; the tiny floor keeps the gradient of a zero vector finite. */
const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-12))) as tf.Tensor2D;

const prefixed = (side: string, parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${side}.${name}`, value]));

const scoped = (side: string, all: Tensors): Tensors =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(`${side}.`) ? [[name.slice(side.length + 1), value]] : [],
    ),
  );
