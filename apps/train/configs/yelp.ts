import { defineConfig } from 'towerkit';

import profile from './places-profile.js';

/**
 * The content profile on the Yelp Open Dataset as published: restaurants by category, price, stars, number of reviews and where they are. A review
 * weighs its stars less 2; one of 2 stars or fewer says what somebody does not want. `--data` names the folder of
 * `yelp_academic_dataset_business.json` and `yelp_academic_dataset_review.json`.
 */
export default defineConfig({
  ...profile,
  name: 'yelp',
  data: {
    dataset: 'yelp',
    features: {
      lists: { category: { separator: ', ', minCount: 5 } },
      numeric: { price: {}, rating: {}, reviews: { transform: 'log1p' } },
      locations: { location: {} },
    },
    dislikes: { below: 2 },
    weights: { center: 2 },
  },
});
