import type { Manifest } from './manifest.js';

export const datafinitiReviews: Manifest = {
  name: 'datafiniti-reviews',
  title: "Datafiniti's Grammar and Online Product Reviews, a subset",
  homepage: 'https://www.kaggle.com/datasets/datafiniti/grammar-and-online-product-reviews',
  license: 'As the homepage states; not to be redistributed here.',
  packaging:
    'Derived: 28,146 reviews with categories, product name, rating, lower-cased username and text; usernames and ' +
    'products numbered (one number a name). No date, review title or brand. Checksums are of this file.',
  files: [
    { name: 'df_reco.csv.gz', sha256: 'b8c86ecc315660bc4e867b6d9efce7faac38b17108900714ce1b9135deca237b' },
  ],
  interactions: {
    file: 'df_reco.csv.gz',
    format: 'csv',
    columns: {
      user: 'reviews_username',
      item: 'product_id',
      rating: 'reviews_rating',
      text: 'reviews_text',
    },
  },
  anonymousUsers: ['byamazon customer', 'bykindle customer', 'amazon customer', 'none', 'anon', 'shopper'],
  protocol: 'Explicit ratings 1 to 5 with text: random split or cross-validation over reviews, RMSE and MAE.',
};
