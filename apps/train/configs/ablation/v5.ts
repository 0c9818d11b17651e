import { defineConfig, gruTower, infoNce, itemTower, twoTower } from 'towerkit';

/** A GRU over the last twenty items, items by their ids, titles, category and price. */
export default defineConfig({
  name: 'ablation-v5',
  data: {
    dataset: 'amazon-video-games-2023',
    features: {
      categories: { category: {} },
      numeric: { price: { transform: 'log1p' } },
      text: { title: { encoder: { kind: 'lsa', dimensions: 128 } } },
    },
  },
  split: { kind: 'leave-last-two-out' },
  model: ({ numeric, content }) =>
    twoTower({
      item: itemTower({ dimensions: 64, categories: { category: 16 }, numeric, content }),
      user: gruTower({ dimensions: 64, dropout: 0.2 }),
      normalize: true,
      loss: infoNce({ temperature: 0.2 }),
    }),
  negatives: [],
  batchSize: 256,
  optimizer: { learningRate: 0.001 },
  epochs: 6,
});
