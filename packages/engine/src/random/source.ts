import { TowerkitError } from '@towerkit/core';
import type * as tf from '@tensorflow/tfjs-core';

import type { RandomSource } from '../types.js';
import type { RandomRequest } from './requests.js';

/** A {@link RandomSource} that checks each request and hands it to the engine. */
export function randomSource(request: (request: RandomRequest) => tf.Tensor): RandomSource {
  const checked = (kind: RandomRequest['kind'], shape: readonly number[], rate = 0): tf.Tensor => {
    if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
      throw new TowerkitError('BAD_SHAPE', `random.${kind}: bad shape [${shape.join(', ')}]`);
    if (!(rate >= 0 && rate < 1))
      throw new TowerkitError('BAD_RATE', `random.dropoutMask: the rate must be in [0, 1), got ${rate}`);
    return request({ kind, shape: [...shape], rate });
  };
  return {
    dropoutMask: (shape, rate) => checked('dropoutMask', shape, rate),
    uniform: (shape) => checked('uniform', shape),
    normal: (shape) => checked('normal', shape),
  };
}
