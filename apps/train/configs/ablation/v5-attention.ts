import { sampledSoftmax, selfAttentionTower, twoTower, type Config } from 'towerkit';

import { everything } from './_parts.js';
import v5Softmax from './v5-softmax.js';

/** `v5-softmax` with self-attention over the history in place of the GRU. */
export default {
  ...v5Softmax,
  name: 'ablation-v5-attention',
  model: (shapes) =>
    twoTower({
      item: everything(shapes),
      user: selfAttentionTower({ dimensions: 64, dropout: 0.2, mean: true, activity: true }),
      loss: sampledSoftmax(),
    }),
} satisfies Config;
