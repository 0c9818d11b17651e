import { defineConfig } from 'towerkit';

/**
 * The same on the embedded shop, which has dates, titles, brands and tastes; texts through LSA, nothing to download. Here one
 * purchase leads to the next, so the ranking network also reads the last three; a dot product learns more from its 54,000
 * rows than the fusion head (settings were chosen on a shop of another seed).
 */
export default defineConfig({
  name: 'shop-reviews',
  data: { generate: {} },
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 128 },
    context: ['hour', 'weekday', 'season'],
    head: 'dot',
    latest: 3,
    negatives: { count: 8 },
    rating: { epochs: 6, learningRate: 0.001, batchSize: 64 },
    ranking: { epochs: 12, learningRate: 0.003, batchSize: 512 },
  },
});
