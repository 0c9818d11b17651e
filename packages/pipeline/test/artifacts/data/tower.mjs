import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

export default defineConfig({
  name: 'tower',
  data: {
    path: '.',
    dataset: {
      file: 'interactions.csv',
      columns: { user: 'user', item: 'item', time: 'time', rating: 'rating' },
      catalog: {
        file: 'items.csv',
        columns: { id: 'id', title: 'title', category: 'category', price: 'price' },
      },
    },
    features: {
      categories: { category: {} },
      numeric: { price: { transform: 'log1p' } },
      text: { title: { encoder: { kind: 'lsa', dimensions: 8 } } },
    },
  },
  split: { kind: 'leave-last-two-out' },
  model: ({ numeric, content }) =>
    twoTower({
      item: itemTower({ dimension: 8, categories: { category: 4 }, numeric, content }),
      user: gruTower({ dimension: 8 }),
      idDropout: 0.2,
    }),
  maxLength: 5,
  positions: 64,
  negatives: [{ kind: 'uniform', count: 10 }],
  optimizer: { learningRate: 0.02, schedule: 'constant' },
  epochs: 2,
  threads: 1,
  baselines: { als: { factors: 8 } },
});
