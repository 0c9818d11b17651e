import type { Config } from 'towerkit';

import v1 from './v1.js';

/** `v1`, its scores near those of a LightGCN: squared differences, half of the loss. */
export default {
  ...v1,
  name: 'ablation-v2',
  distill: { baseline: 'lightgcn', alpha: 0.5, by: 'mse' },
} satisfies Config;
