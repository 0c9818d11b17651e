import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/**
 * Amazon Reviews 2023, Video Games, from 64-d item ids alone, started at random: what a GRU tower reaches without
 * any help. `--data` names the folder of the set.
 */
export default defineConfig({
  name: 'amazon-video-games-ids',
  data: { dataset: 'amazon-video-games-2023' },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 64 }),
      user: gruTower({ dimensions: 64, dropout: 0.4, mean: true }),
    }),
  windows: 'last',
  negatives: [{ kind: 'uniform', count: 2048 }],
  epochs: 9,
});
