import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/** Amazon Reviews 2023, Video Games: the best settings known so far. `--data` names the folder of the set. */
export default defineConfig({
  name: 'amazon-video-games',
  data: {
    dataset: 'amazon-video-games-2023',
    // Not average_rating: it was computed over reviews written after the targets.
    features: { categories: { category: {} }, numeric: { price: { transform: 'log1p' } } },
  },
  start: { als: {} },
  model: ({ numeric }) =>
    twoTower({
      item: itemTower({ dimensions: 128, categories: { category: 16 }, numeric }),
      user: gruTower({ dimensions: 128, dropout: 0.5, mean: true }),
    }),
  optimizer: { learningRate: 0.002 },
  epochs: 5,
});
