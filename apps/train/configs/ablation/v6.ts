import type { Config } from 'towerkit';

import v5 from './v5.js';

/** `v5` with a curriculum: hard negatives that come nearer to the target from epoch to epoch, and more often. */
export default {
  ...v5,
  name: 'ablation-v6',
  hardNegatives: { ranks: { from: [200, 800], to: [20, 100] }, share: { from: 0, to: 1 } },
} satisfies Config;
