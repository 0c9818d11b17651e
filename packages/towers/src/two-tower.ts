import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import type { Loss } from './losses/loss.js';
import { sampledSoftmax } from './losses/sampled-softmax.js';
import { contentColumns } from './content-columns.js';
import { isMoment } from './layers/per-position.js';
import type { Parameters } from './parameters.js';
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
  /** Whether both vectors are scaled to length 1, so that a score is a cosine. Default false. */
  readonly normalize?: boolean;
  /**
   * Share of the items of a training batch, in [0, 1), that are seen without their id (its vectors and the bias are zero),
   * so that what else is known of an item can stand alone: for items that nobody has had yet. Default 0.
   */
  readonly idDropout?: number;
  /**
   * Content by which items are compared with the history directly, by the name of the item tower's feature with the width
   * it is mapped to, such as `{title: 64}`. A score then has one more term, the inner product of an item's mapped content
   * with the mean of the history's and with its last: what a search for the nearest titles does, learned with the rest.
   * None by default.
   */
  readonly similarity?: Readonly<Record<string, number>>;
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
  /** Share of a batch's items that are seen without their id; above 0, items without training rows have none. */
  readonly idDropout: number;
  /** Width of the vectors that are multiplied: the towers' dimensions, that of mapped content, and 1 with a bias. */
  readonly dimensions: number;
  /** What the item side reads per item, the bias included. */
  readonly itemInputs: Readonly<Record<string, TowerInput>>;
  /** What the user side reads per user or per moment, the history included. */
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
  /** What each tower makes of what it reads, of weights and inputs as for the vectors; where a tower has gates. */
  readonly gates: { readonly item?: TowerGates; readonly user?: TowerGates };
}

/**
 * Assembles two towers and a loss into a model.
 *
 * @throws TowerkitError `BAD_TOWER` when the towers do not fit together
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
  idDropout = 0,
  similarity = {},
}: TwoTowerOptions): TwoTower {
  if (item.dimensions !== user.dimensions)
    throw new TowerkitError(
      'BAD_TOWER',
      `the item tower gives ${item.dimensions} values and the user tower ${user.dimensions}: they must agree`,
    );
  if (normalize && bias) throw new TowerkitError('BAD_TOWER', 'normalized vectors cannot carry an item bias');
  if (!(idDropout >= 0 && idDropout < 1))
    throw new TowerkitError('BAD_TOWER', `idDropout is a share in [0, 1), got ${idDropout}`);
  const ofId = (name: string) => isId(item.inputs[name]);
  if (idDropout > 0 && Object.keys(item.inputs).every(ofId))
    throw new TowerkitError('BAD_TOWER', 'an item tower that reads ids alone cannot do without them', {
      hint: 'give it categories, numbers or content, or leave out idDropout',
    });
  const content = contentColumns(item, user, similarity);
  if (normalize && content.dimensions > 0)
    throw new TowerkitError('BAD_TOWER', 'normalized vectors cannot carry columns of content');
  for (const [side, tower] of Object.entries({ item, user }))
    for (const [name, input] of Object.entries(tower.inputs)) {
      if (name === 'bias' && side === 'item')
        throw new TowerkitError('BAD_TOWER', "an item tower's input cannot be named 'bias'");
      if (isMoment(input) && (side === 'item' || isId(input)))
        throw new TowerkitError('BAD_TOWER', `${side}/${name} cannot belong to a moment`, {
          hint: "at: 'moment' is for categories and features that a user tower reads",
        });
      if (
        input.kind === 'history' &&
        (side === 'item' || name !== 'history' || input.dimensions !== item.dimensions)
      )
        throw new TowerkitError(
          'BAD_TOWER',
          `a history must be an input named 'history' of the user tower, ${item.dimensions} wide`,
        );
    }
  const itemInputs = bias
    ? { ...item.inputs, bias: { kind: 'embedding', of: 'id', dimensions: 1, stddev: 0 } as const }
    : item.inputs;
  const itemParts = (inputs: Tensors, context: TowerContext) => {
    const { bias: column, ...own } = inputs;
    if (!context.training || idDropout === 0) return { column, own };
    // One draw an item, for all that hangs on its id. Unscaled: an item without an id is a case of its own.
    const rows = Object.values(inputs)[0].shape[0];
    const kept = tf.mul(context.dropout(tf.ones([rows, 1]), idDropout), 1 - idDropout);
    const without = Object.entries(own).map(([name, x]) => [name, ofId(name) ? tf.mul(x, kept) : x]);
    return { column: column && tf.mul(column, kept), own: Object.fromEntries(without) as Tensors };
  };
  const readable = (inputs: Tensors): Tensors => {
    if (!inputs.history || inputs.history.shape[2] === item.dimensions) return inputs;
    const [batch, steps] = inputs.history.shape;
    return { ...inputs, history: tf.slice(inputs.history, [0, 0, 0], [batch, steps, item.dimensions]) };
  };
  const joined = (columns: readonly tf.Tensor[]) =>
    (columns.length === 1 ? columns[0] : tf.concat([...columns], 1)) as tf.Tensor2D;

  return {
    item,
    user,
    loss,
    bias,
    normalize,
    idDropout,
    dimensions: item.dimensions + content.dimensions + (bias ? 1 : 0),
    itemInputs,
    userInputs: user.inputs,
    init: (rng) => ({
      ...prefixed('item', item.init(rng.fork('item'))),
      ...prefixed('user', user.init(rng.fork('user'))),
      ...content.init(rng.fork('similarity')),
    }),
    itemVectors(parameters, inputs, context) {
      const { column, own } = itemParts(inputs, context);
      const vectors = item.apply(scope(parameters, 'item.'), own, within('item.', context));
      if (normalize) return unit(vectors);
      return joined([vectors, ...content.ofItems(parameters, inputs), ...(bias ? [column] : [])]);
    },
    userVectors(parameters, inputs, context) {
      const vectors = user.apply(scope(parameters, 'user.'), readable(inputs), within('user.', context));
      if (normalize) return unit(vectors);
      const history = inputs.history as tf.Tensor3D;
      return joined([
        vectors,
        ...content.ofUsers(parameters, history, context),
        ...(bias ? [tf.ones([vectors.shape[0], 1])] : []),
      ]);
    },
    gates: {
      item: item.gates && {
        names: item.gates.names,
        apply: (parameters, { bias: _, ...own }, context) =>
          item.gates!.apply(scope(parameters, 'item.'), own, context),
      },
      user: user.gates && {
        names: user.gates.names,
        apply: (parameters, inputs, context) =>
          user.gates!.apply(scope(parameters, 'user.'), readable(inputs), context),
      },
    },
  };
}

/** Whether an input is a row that belongs to one item alone. */
export const isId = (input: TowerInput): boolean => input.kind === 'embedding' && input.of === 'id';

/** x / |x|, by row; the tiny floor keeps the gradient of a zero vector finite. */
const unit = (x: tf.Tensor2D): tf.Tensor2D =>
  tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-12))) as tf.Tensor2D;
