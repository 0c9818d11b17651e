import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/** MovieLens 100K: what somebody watches next. `--data` names the folder of the set. */
export default defineConfig({
  name: 'movielens-100k',
  data: { dataset: 'ml-100k' },
  start: { als: {} },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 64 }),
      user: gruTower({ dimensions: 64, dropout: 0.4, mean: true }),
    }),
  maxLength: 50,
  epochs: 8,
});
