import { defineConfig, infoNce, mlpTower, twoTower } from 'towerkit';

/**
 * What the variants of the study share: two MLPs over ids, a user as the mean of their items, contrasted with the other targets of a
 * batch. `--data` names the folder of a known set, without which a shop is generated; features that a set lacks are left out.
 */
export default defineConfig({
  name: 'ablation-base',
  data: { generate: {}, absent: 'skip' },
  split: { kind: 'leave-last-two-out' },
  model: () =>
    twoTower({
      item: mlpTower({ inputs: { id: { kind: 'embedding', of: 'id', dimensions: 64 } }, dimensions: 64 }),
      user: mlpTower({ inputs: { history: { kind: 'history', dimensions: 64 } }, dimensions: 64 }),
      normalize: true,
      loss: infoNce({ temperature: 0.2 }),
    }),
  negatives: [],
  batchSize: 256,
  optimizer: { learningRate: 0.001 },
  epochs: 10,
  // As wide as the ids: what runs start from and learn from is then the same LightGCN, fitted once.
  baselines: { lightgcn: { factors: 64 } },
});
