import { defineConfig, infoNce, mlpTower, twoTower } from 'towerkit';

/**
 * The first variant of the study of Amazon Video Games: two MLPs over ids, a user as the mean of their items, contrasted with the
 * other targets of a batch. `--data` names the folder of the set, as for all configs here.
 */
export default defineConfig({
  name: 'ablation-v1',
  data: { dataset: 'amazon-video-games-2023' },
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
});
