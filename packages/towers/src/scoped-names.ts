import type * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from './parameters.js';
import type { TowerContext } from './tower.js';

/** The weights of a part of a model as the whole names them: `<part>.<name>`. */
export const prefixed = (part: string, parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${part}.${name}`, value]));

/**
 * The entries whose name starts with a prefix, without it: the part of a whole under the names the part knows.
 *
 * @example
 * ```ts
 * scope({ 'item.bias': 1, 'user.bias': 2 }, 'item.'); // { bias: 1 }
 * ```
 */
export const scope = <T>(all: Readonly<Record<string, T>>, prefix: string): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );

/** The context of a part: what it keeps is named as the whole names it. */
export function within(prefix: string, context: TowerContext): TowerContext {
  const { batch } = context;
  if (!batch) return context;
  const { present } = batch;
  const own = { present, keep: (name: string, value: tf.Tensor) => batch.keep(prefix + name, value) };
  return Object.create(context, { batch: { value: own, enumerable: true } }) as TowerContext;
}
