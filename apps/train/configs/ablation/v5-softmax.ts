import { gruTower, sampledSoftmax, twoTower, type Config } from 'towerkit';

import { everything } from './_parts.js';
import v5 from './v5.js';

/** `v5` with the softmax over sampled negatives: log q subtracted, the user's history masked. */
export default {
  ...v5,
  name: 'ablation-v5-softmax',
  model: (shapes) =>
    twoTower({
      item: everything(shapes),
      user: gruTower({ dimensions: 64, dropout: 0.2, activity: true }),
      loss: sampledSoftmax(),
    }),
  negatives: [{ kind: 'uniform', count: 2048 }],
  batchSize: 1024,
} satisfies Config;
