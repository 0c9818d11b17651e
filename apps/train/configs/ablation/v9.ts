import { gatedTower, sampledSoftmax, twoTower, type Config } from 'towerkit';

import { gatedItem } from './v8.js';
import v8Softmax from './v8-softmax.js';

/** All of it: gates, the sampled softmax, ids that start from ALS and are left out now and then, titles compared with the history's. */
export default {
  ...v8Softmax,
  name: 'ablation-v9',
  start: { als: {} },
  model: (shapes) =>
    twoTower({
      item: gatedItem(shapes),
      user: gatedTower({ activity: true, inputs: { history: { kind: 'history', dimensions: 64 } } }),
      loss: sampledSoftmax(),
      idDropout: 0.15,
      ...('title' in shapes.content && { similarity: { title: 64 } }),
    }),
} satisfies Config;
