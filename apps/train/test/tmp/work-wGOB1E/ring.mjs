
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'ring',
  data: {
    path: 'ring',
    dataset: {
      file: 'interactions.csv',
      columns: { user: 'who', item: 'what', time: 'when' },
      catalog: { file: 'items.csv', columns: { id: 'id', title: 'title', kind: 'kind', price: 'price' } },
    },
    features: { categories: { kind: {} }, numeric: { price: { transform: 'log1p' } } },
  },
  model: ({ numeric }) => twoTower({
    item: itemTower({ dimension: 8, categories: { kind: 4 }, numeric }),
    user: gruTower({ dimension: 8 }),
  }),
  positions: 64,
  negatives: [{ kind: 'uniform', count: 20 }],
  optimizer: { learningRate: 0.02 },
  epochs: 4,
  threads: 1,
  ...{},
});
