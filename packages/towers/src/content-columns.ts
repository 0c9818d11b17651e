import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { prefixMean } from './layers/prefix-mean.js';
import { identity, normal, type Parameters } from './parameters.js';
import type { Tower, TowerContext } from './tower.js';

/** How a feature is compared with that of the history's items. */
export interface ContentSimilarity {
  /** Width that it is mapped to; that of the feature itself leaves it as it is to begin with. */
  readonly dimensions: number;
  /** What the inner products with the mean of the history and with its last count to begin with. Default 2. */
  readonly weight?: number;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** The columns of content that ride behind a two-tower's vectors, for items and for users. */
export interface ContentColumns {
  /** Of all of them together; 0 without any. */
  readonly dimensions: number;
  init(rng: Rng): Parameters;
  /** Of item inputs [items, ...]: [items, dimensions of one] each. */
  ofItems(parameters: Tensors, inputs: Tensors): tf.Tensor[];
  /** Of histories of item vectors [batch, steps, ...]: [positions, dimensions], or nothing. */
  ofUsers(parameters: Tensors, history: tf.Tensor3D, context: TowerContext): tf.Tensor[];
  /** Width of the history that the user tower reads. */
  readonly historyDimensions: number;
  /** What the user tower reads of histories of item vectors: [batch, steps, historyDimensions]. */
  history(history: tf.Tensor3D): tf.Tensor3D;
}

/**
 * What content says directly: an item's x is mapped to P x, and a score gains
 *
 *     (P x) . (s * mean P x' + t * P x_last)        over the history's x', s and t one number a column
 *
 * P starts as the unit matrix where it is square, else as a random projection that keeps inner products on
 * average (Johnson and Lindenstrauss 1984), s and t from the feature's weight: training begins from the plain similarity of contents.
 *
 * Features of a `profile` are columns as they are, which users have zeros against: the user tower reads them of the history.
 *
 * @param similarity features of the item tower with the width they are mapped to
 * @param profile features of the item tower that the user tower reads in place of item vectors
 * @throws TowerkitError `BAD_TOWER` for a name that is no feature of the item tower, or without a history to compare with
 */
export function contentColumns(
  item: Tower,
  user: Tower,
  similarity: Readonly<Record<string, number | ContentSimilarity>>,
  profile: readonly string[],
): ContentColumns {
  const names = Object.keys(similarity);
  const mapped = Object.fromEntries(
    names.map((name) => {
      const given = similarity[name];
      const { dimensions, weight = 2 } = typeof given === 'number' ? { dimensions: given } : given;
      return [name, { dimensions, weight }];
    }),
  );
  const dimensions = names.reduce((sum, name) => sum + mapped[name].dimensions, 0);
  for (const [option, features] of Object.entries({ similarity: names, profile }))
    for (const name of features)
      if (item.inputs[name]?.kind !== 'feature')
        throw new TowerkitError('BAD_TOWER', `${option}: the item tower reads no feature "${name}"`, {
          hint: `its inputs: ${Object.keys(item.inputs).join(', ')}`,
        });
  for (const [option, features] of Object.entries({ similarity: names, profile }))
    if (features.length > 0 && !('history' in user.inputs))
      throw new TowerkitError('BAD_TOWER', `${option} needs a user tower with a history`);
  const profileWidth = profile.reduce((sum, name) => sum + item.inputs[name].dimensions, 0);
  const part = (history: tf.Tensor3D, from: number, width: number): tf.Tensor3D => {
    const [batch, steps, all] = history.shape;
    return all === width ? history : tf.slice(history, [0, 0, from], [batch, steps, width]);
  };
  const kernel = (name: string) => `item.similarity.${name}`;
  const MEAN = 'user.similarity.mean';
  const LAST = 'user.similarity.last';

  const weights = () => ({
    shape: [dimensions],
    data: Float32Array.from(
      names.flatMap((name) => new Array<number>(mapped[name].dimensions).fill(mapped[name].weight)),
    ),
  });

  return {
    dimensions: dimensions + profileWidth,
    historyDimensions: profileWidth || item.dimensions,
    history: (history) =>
      profileWidth > 0
        ? part(history, item.dimensions + dimensions, profileWidth)
        : part(history, 0, item.dimensions),
    init: (rng) => ({
      ...Object.fromEntries(
        names.map((name) => {
          const { dimensions } = mapped[name];
          const read = item.inputs[name].dimensions;
          return [
            kernel(name),
            read === dimensions
              ? identity(dimensions)
              : normal([read, dimensions], rng, 1 / Math.sqrt(dimensions)),
          ];
        }),
      ),
      ...(dimensions > 0 && { [MEAN]: weights(), [LAST]: weights() }),
    }),
    ofItems: (parameters, inputs) => [
      ...names.map((name) => tf.matMul(inputs[name] as tf.Tensor2D, parameters[kernel(name)] as tf.Tensor2D)),
      ...profile.map((name) => inputs[name]),
    ],
    ofUsers(parameters, history, context) {
      const nothing = profileWidth > 0 ? [tf.zeros([context.seen.shape[0], profileWidth])] : [];
      if (dimensions === 0) return nothing;
      const columns = part(history, item.dimensions, dimensions);
      const mean = tf.mul(prefixMean(columns, context), parameters[MEAN]);
      return [tf.add(mean, tf.mul(context.atPositions(columns), parameters[LAST])), ...nothing];
    },
  };
}
