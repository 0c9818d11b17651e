import { TowerkitError, type Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { prefixMean } from './layers/prefix-mean.js';
import { constant, normal, type Parameters } from './parameters.js';
import type { Tower, TowerContext } from './tower.js';

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
}

/**
 * What content says directly: an item's x is mapped to P x, and a score gains
 *
 *     (P x) . (s * mean P x' + t * P x_last)        over the history's x', s and t one number a column
 *
 * P starts as a random projection that keeps inner products on
 * average (Johnson and Lindenstrauss 1984), s and t from 2: training begins from the plain similarity of contents.
 *
 * @param similarity features of the item tower with the width they are mapped to
 * @throws TowerkitError `BAD_TOWER` for a name that is no feature of the item tower, or without a history to compare with
 */
export function contentColumns(
  item: Tower,
  user: Tower,
  similarity: Readonly<Record<string, number>>,
): ContentColumns {
  const names = Object.keys(similarity);
  const dimensions = names.reduce((sum, name) => sum + similarity[name], 0);
  for (const name of names)
    if (item.inputs[name]?.kind !== 'feature')
      throw new TowerkitError('BAD_TOWER', `similarity: the item tower reads no feature "${name}"`, {
        hint: `its inputs: ${Object.keys(item.inputs).join(', ')}`,
      });
  if (dimensions > 0 && !('history' in user.inputs))
    throw new TowerkitError('BAD_TOWER', 'similarity needs a user tower with a history to compare with');
  const kernel = (name: string) => `item.similarity.${name}`;
  const MEAN = 'user.similarity.mean';
  const LAST = 'user.similarity.last';

  return {
    dimensions,
    init: (rng) => ({
      ...Object.fromEntries(
        names.map((name) => {
          const columns = similarity[name];
          return [kernel(name), normal([item.inputs[name].dimensions, columns], rng, 1 / Math.sqrt(columns))];
        }),
      ),
      ...(dimensions > 0 && { [MEAN]: constant([dimensions], 2), [LAST]: constant([dimensions], 2) }),
    }),
    ofItems: (parameters, inputs) =>
      names.map((name) => tf.matMul(inputs[name] as tf.Tensor2D, parameters[kernel(name)] as tf.Tensor2D)),
    ofUsers(parameters, history, context) {
      if (dimensions === 0) return [];
      const [batch, steps] = history.shape;
      const columns = tf.slice(history, [0, 0, item.dimensions], [batch, steps, dimensions]);
      const mean = tf.mul(prefixMean(columns, context), parameters[MEAN]);
      return [tf.add(mean, tf.mul(context.atPositions(columns), parameters[LAST]))];
    },
  };
}
