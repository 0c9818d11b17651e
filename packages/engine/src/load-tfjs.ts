import { createRequire } from 'node:module';

import { TowerkitError } from '@towerkit/core';
import { builtProgram } from '@towerkit/core/files';
import type * as tf from '@tensorflow/tfjs-core';
import { fileURLToPath } from 'node:url';

type Tfjs = typeof tf;

let loaded: Tfjs | undefined;

/**
 * Loads tfjs, an optional peer, and gives it its cpu backend, the gradients and the operations as methods of tensors, all of which
 * `@tensorflow/tfjs-core` lacks by itself. Whatever compiles a function does this first; a program calls it where it computes with
 * tfjs-core before, or beside. With `@tensorflow/tfjs` imported nothing is left to do.
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * await loadTfjs();
 * tf.grad((x) => tf.sum(tf.square(x)))(tf.tensor1d([1, 2, 3])).print(); // [2, 4, 6]
 * ```
 * @throws TowerkitError `TFJS_MISSING`
 */
export async function loadTfjs(): Promise<void> {
  if (loaded) return;
  try {
    const core = await import('@tensorflow/tfjs-core');
    await import('@tensorflow/tfjs-backend-cpu');
    loaded = complete(core);
  } catch (cause) {
    throw missing(cause as Error);
  }
}

/**
 * tfjs, for synchronous code; where {@link loadTfjs} was not called it is loaded by `require`, which gives the same
 * module.
 *
 * @throws TowerkitError `TFJS_MISSING`
 */
export function tfjs(): Tfjs {
  if (loaded) return loaded;
  try {
    const require = createRequire(import.meta.url);
    const core = require('@tensorflow/tfjs-core') as Tfjs;
    require('@tensorflow/tfjs-backend-cpu');
    return (loaded = complete(core));
  } catch (cause) {
    throw missing(cause as Error);
  }
}

/**
 * Gives tfjs-core what it lacks without the union package `@tensorflow/tfjs`: gradients, and operations as methods of tensors.
 * Both lie in registers of the process, so that copies of tfjs-core share them, and whoever comes first fills them.
 */
function complete(core: Tfjs): Tfjs {
  if (!core.getGradient(core.Square) || !('square' in core.Tensor.prototype))
    createRequire(import.meta.url)(fileURLToPath(builtProgram(import.meta.url, 'tfjs-additions.cjs')));
  return core;
}

const missing = (cause: Error) =>
  new TowerkitError('TFJS_MISSING', `tfjs cannot be loaded: ${cause.message.split('\n')[0]}`, {
    hint: 'Install it: npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu. Running ONNX models does not need it: see @towerkit/engine/onnx.',
    cause,
  });
