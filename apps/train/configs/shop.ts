import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/**
 * The embedded default: a small shop, generated, with tastes that a model can find. Titles are read too (LSA: nothing to
 * download), and compared with those of the history, so that words and items nobody has had yet can be asked for.
 */
export default defineConfig({
  name: 'shop',
  data: {
    generate: {},
    features: {
      categories: { brand: {}, category: {}, subcategory: {} },
      numeric: { price: { transform: 'log1p' } },
      text: { title: { encoder: { kind: 'lsa', dimensions: 64 } } },
    },
  },
  model: ({ numeric, content }) =>
    twoTower({
      item: itemTower({
        dimensions: 64,
        categories: { brand: 16, category: 8, subcategory: 16 },
        ...{ numeric, content },
      }),
      user: gruTower({ dimensions: 64, dropout: 0.2, mean: true }),
      idDropout: 0.1,
      similarity: { title: 32 },
    }),
  maxLength: 20,
  epochs: 12,
});
