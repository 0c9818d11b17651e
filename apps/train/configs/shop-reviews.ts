import { defineConfig } from 'towerkit';

/** The same on the embedded shop, which has dates, titles, brands and tastes; texts through LSA, nothing to download. */
export default defineConfig({
  name: 'shop-reviews',
  data: { generate: {} },
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 128 },
    context: ['hour', 'weekday', 'season'],
    rating: { epochs: 6, learningRate: 0.001, batchSize: 64 },
    ranking: { epochs: 4, learningRate: 0.001, batchSize: 64 },
  },
});
