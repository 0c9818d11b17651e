import type * as tf from '@tensorflow/tfjs';

import type { Parameters } from './parameters.js';

/** The weights of a part of a model as the whole names them: `<part>.<name>`. */
export const prefixed = (part: string, parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${part}.${name}`, value]));

/** A part's own tensors among those of the whole, under the names it knows. */
export const scoped = (
  part: string,
  all: Readonly<Record<string, tf.Tensor>>,
): Readonly<Record<string, tf.Tensor>> =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(`${part}.`) ? [[name.slice(part.length + 1), value]] : [],
    ),
  );
