import { defineConfig } from 'towerkit';

export default defineConfig({
  name: 'hybrid',
  data: {
    path: '.',
    dataset: {
      file: 'interactions.csv',
      columns: { user: 'user', item: 'item', time: 'time', rating: 'rating', text: 'text' },
    },
  },
  threads: 1,
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 8 },
    als: { factors: 4 },
    rating: { epochs: 2, learningRate: 0.001 },
    ranking: { epochs: 1 },
  },
});
