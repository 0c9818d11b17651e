import type { Manifest } from './manifest.js';

export const yelpCore40: Manifest = {
  name: 'yelp-core40',
  title: 'Yelp ratings among busy users and businesses',
  homepage: 'https://www.yelp.com/dataset',
  license: "Yelp's dataset terms (personal, educational or academic use). Not to be redistributed here.",
  packaging:
    'Derived: 100,409 explicit ratings, tab-separated and without a header; items.txt.gz has one line per ' +
    'business and category, users.txt.gz one letter per user. Checksums are of these files.',
  files: [
    { name: 'ratings.txt.gz', sha256: 'dba61182b4726155d4b6208297336dd0e0040c9c1d9ac13ec43a7e473c8f5231' },
    { name: 'items.txt.gz', sha256: 'a85393ed8d4121bc1877c8f7252d27455c4810209c508bae04950fba4ccf6914' },
    { name: 'users.txt.gz', sha256: '1ad02d001b4424671b36e3ddbdda3faf6a5d30ee518976f32c6cc244514c7fc8' },
  ],
  interactions: {
    file: 'ratings.txt.gz',
    format: 'tsv',
    columns: { user: 'user_id', item: 'business_id', rating: 'rating' },
    header: false,
    columnNames: ['user_id', 'business_id', 'rating'],
  },
  protocol: 'Explicit ratings 1 to 5 without times: random split or cross-validation, RMSE and MAE.',
};
