import { gatedTower, sampledSoftmax, twoTower, type Config } from 'towerkit';

import v5Softmax from './v5-softmax.js';
import { gatedItem } from './v8.js';

/** `v8` with the softmax over sampled negatives. */
export default {
  ...v5Softmax,
  name: 'ablation-v8-softmax',
  model: (shapes) =>
    twoTower({
      item: gatedItem(shapes),
      user: gatedTower({ activity: true, inputs: { history: { kind: 'history', dimensions: 64 } } }),
      loss: sampledSoftmax(),
    }),
} satisfies Config;
