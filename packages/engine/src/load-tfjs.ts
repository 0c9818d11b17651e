import { createRequire } from 'node:module';

import { TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs';

type Tfjs = typeof tf;

let loaded: Tfjs | undefined;

/**
 * Loads tfjs, an optional peer, as the caller's own `import` would: importing this package alone does not need it.
 *
 * @throws TowerkitError `TFJS_MISSING`
 */
export async function loadTfjs(): Promise<void> {
  loaded ??= await import('@tensorflow/tfjs').catch((cause: Error) => {
    throw missing(cause);
  });
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
    return (loaded = createRequire(import.meta.url)('@tensorflow/tfjs') as Tfjs);
  } catch (cause) {
    throw missing(cause as Error);
  }
}

const missing = (cause: Error) =>
  new TowerkitError('TFJS_MISSING', `@tensorflow/tfjs cannot be loaded: ${cause.message.split('\n')[0]}`, {
    hint: 'Install it: npm install @tensorflow/tfjs. Running ONNX models does not need it: see @towerkit/engine/onnx.',
    cause,
  });
