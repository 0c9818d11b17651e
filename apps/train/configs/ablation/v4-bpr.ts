import { bpr, mlpTower, twoTower, type Config } from 'towerkit';

import v1 from './v1.js';

/** `v1` with BPR against hard negatives: the items ranked 10 to 100 near the target by the vectors as they are. */
export default {
  ...v1,
  name: 'ablation-v4-bpr',
  model: () =>
    twoTower({
      item: mlpTower({ inputs: { id: { kind: 'embedding', of: 'id', dimensions: 64 } }, dimensions: 64 }),
      user: mlpTower({ inputs: { history: { kind: 'history', dimensions: 64 } }, dimensions: 64 }),
      loss: bpr(),
    }),
  negatives: [{ kind: 'uniform', count: 256 }],
  hardNegatives: { ranks: [10, 100] },
} satisfies Config;
