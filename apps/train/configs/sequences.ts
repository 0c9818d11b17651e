import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/** Any file of lines `user item item ...`, oldest first, gzip or not. `--data` names the file. */
export default defineConfig({
  name: 'sequences',
  data: { dataset: { format: 'sequences', columns: { user: 'user_id', item: 'item_id' } } },
  start: { als: {} },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 128 }),
      user: gruTower({ dimensions: 128, dropout: 0.5, mean: true }),
    }),
  maxLength: 50,
  optimizer: { learningRate: 0.001 },
  epochs: 12,
  earlyStopping: { patience: 3 },
});
