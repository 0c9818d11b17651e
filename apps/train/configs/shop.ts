import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/** The embedded default: a small shop, generated, with tastes that a model can find. */
export default defineConfig({
  name: 'shop',
  data: {
    generate: {},
    features: {
      categories: { brand: {}, category: {}, subcategory: {} },
      numeric: { price: { transform: 'log1p' } },
    },
  },
  model: ({ numeric }) =>
    twoTower({
      item: itemTower({ dimensions: 64, categories: { brand: 16, category: 8, subcategory: 16 }, numeric }),
      user: gruTower({ dimensions: 64, dropout: 0.2, mean: true }),
    }),
  maxLength: 20,
  epochs: 12,
});
