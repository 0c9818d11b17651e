import { defineConfig, itemTower, sumTower, twoTower } from 'towerkit';

/**
 * The Complete Journey: what a household buys in the next four weeks. `--data` names the folder of the set.
 *
 * Vectors start from an ALS, whose counts are confidence, and move little: on the weeks of October, every pass at a higher rate, and
 * every feature of products and households that was tried, lowered NDCG@20 for products that a household had not bought before.
 * Where repeats are ranked (`--repeats allow`), how often and how lately a household bought a product is added.
 */
export default defineConfig({
  name: 'complete-journey',
  data: {
    dataset: 'complete-journey',
    users: {
      file: 'demographics.parquet',
      features: {
        categories: {
          age: {},
          income: {},
          home_ownership: {},
          marital_status: {},
          household_size: {},
          kids_count: {},
        },
      },
    },
  },
  split: { kind: 'temporal', validation: 1509667200 }, // 3 November 2017: the four weeks before December
  start: { als: { alpha: 1, regularization: 50 }, users: 'als', norm: 0.9 },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 128 }),
      user: sumTower({ dimensions: 128, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 128 } } }),
    }),
  // Chosen on the same weeks, of factors 64 and 128, alpha 1 to 40 and regularization 10 and 50.
  baselines: { als: { factors: 128, alpha: 1, regularization: 50 } },
  targets: { horizon: 28, repeats: false },
  negatives: [{ kind: 'popularity', count: 2048, power: 1 }],
  optimizer: { learningRate: 0.00001 },
  epochs: 1,
  earlyStopping: false,
  frequency: { bonus: 10, weight: 12, halfLife: 250 },
  // What comes next is asked with the latest weeks known.
  refit: true,
  metrics: ['recall@20', 'ndcg@20'],
});
