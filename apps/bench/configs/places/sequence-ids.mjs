/** What comes next by the ids of the places alone: every check-in is a target, returns among them. */
import { gruTower, itemTower, twoTower } from 'towerkit';

import { onTest } from './_on-test.mjs';

export default onTest(
  {
    data: { absent: 'skip' },
    model: () =>
      twoTower({
        item: itemTower({ dimensions: 64 }),
        user: gruTower({ dimensions: 64, dropout: 0.4 }),
      }),
    start: { als: {} },
    maxLength: 50,
    optimizer: { learningRate: 0.002 },
    epochs: 8,
    metrics: ['hr@10', 'ndcg@10', 'recall@20'],
    earlyStopping: { metric: 'ndcg@10', patience: 2 },
  },
  'sequence-ids',
);
