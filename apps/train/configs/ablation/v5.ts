import { gruTower, infoNce, twoTower, type Config } from 'towerkit';

import base from './_base.js';
import { everything } from './_parts.js';

/**
 * A GRU over the last twenty items, items by their ids, titles, category and price. Of the features of users that the study
 * had, activity is read as such, and prices of what somebody had through the mean of the history; the set has neither
 * times nor ratings given.
 */
export default {
  ...base,
  name: 'ablation-v5',
  data: {
    ...base.data,
    features: {
      categories: { category: {} },
      numeric: { price: { transform: 'log1p' } },
      text: { title: { encoder: { kind: 'lsa', dimensions: 128 } } },
    },
  },
  model: (shapes) =>
    twoTower({
      item: everything(shapes),
      user: gruTower({ dimensions: 64, dropout: 0.2, activity: true }),
      normalize: true,
      loss: infoNce({ temperature: 0.2 }),
    }),
  epochs: 6,
} satisfies Config;
