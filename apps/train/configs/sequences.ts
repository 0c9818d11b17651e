import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/** Any file of lines `user item item ...`, oldest first, gzip or not. `--data` names the file. */
export default defineConfig({
  name: 'sequences',
  data: { dataset: { format: 'sequences', columns: { user: 'user_id', item: 'item_id' } } },
  model: () =>
    twoTower({
      item: itemTower({ dimension: 64 }),
      user: gruTower({ dimension: 64, dropout: 0.4, mean: true }),
    }),
  maxLength: 50,
  epochs: 12,
});
