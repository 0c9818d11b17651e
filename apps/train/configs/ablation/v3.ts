import type { Config } from 'towerkit';

import v1 from './v1.js';

/** `v1`, its scores in the direction of a LightGCN's: cosine, nine tenths of the loss. */
export default {
  ...v1,
  name: 'ablation-v3',
  distill: { baseline: 'lightgcn', alpha: 0.9, by: 'cosine' },
} satisfies Config;
