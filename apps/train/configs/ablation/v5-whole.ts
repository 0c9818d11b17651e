import { gruTower, twoTower, wholeSoftmax, type Config } from 'towerkit';

import { everything } from './_parts.js';
import v5Softmax from './v5-softmax.js';

/** `v5-softmax` over the whole catalog. */
export default {
  ...v5Softmax,
  name: 'ablation-v5-whole',
  model: (shapes) =>
    twoTower({
      item: everything(shapes),
      user: gruTower({ dimensions: 64, dropout: 0.2, activity: true }),
      loss: wholeSoftmax(),
    }),
  negatives: 'all',
} satisfies Config;
