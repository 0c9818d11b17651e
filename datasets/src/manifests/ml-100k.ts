import type { Manifest } from './manifest.js';

const GENRES = [
  'unknown',
  'action',
  'adventure',
  'animation',
  'children',
  'comedy',
  'crime',
  'documentary',
  'drama',
  'fantasy',
  'film_noir',
  'horror',
  'musical',
  'mystery',
  'romance',
  'sci_fi',
  'thriller',
  'war',
  'western',
];

export const ml100k: Manifest = {
  name: 'ml-100k',
  title: 'MovieLens 100K',
  homepage: 'https://grouplens.org/datasets/movielens/100k/',
  license:
    'GroupLens terms: research use with acknowledgment, no redistribution without permission, no commercial use ' +
    'without permission. Cite Harper and Konstan, ACM TiiS 2015.',
  packaging:
    'Checksums are of a copy whose u.data has two more columns after the timestamp, empty but in the first row, and CR LF line ' +
    "ends; GroupLens' own u.data has the first four columns alone. The other files are the original layout.",
  files: [
    { name: 'u.data', sha256: '67152d705bed0e1f5ae59ad84a3c95b8ffa2ce0e285f8d2ab66a2ecee3cbfff5' },
    { name: 'u.item', sha256: '553841ebc7de3a0fd0d6b62a204ea30c1e651aacfb2814c7a6584ac52f2c5701' },
    { name: 'u.user', sha256: 'f120e114da2e8cf314fd28f99417c94ae9ddf1cb6db8ce0e4b5995d40e90e62c' },
    { name: 'u.genre', sha256: '9757e0d3e6b298159a80dd48eaf938114690e911e39af97a76949ef1663610bb' },
  ],
  interactions: {
    file: 'u.data',
    format: 'tsv',
    columns: { user: 'user_id', item: 'item_id', rating: 'rating', time: 'timestamp' },
    header: false,
    columnNames: ['user_id', 'item_id', 'rating', 'timestamp'],
  },
  catalog: {
    file: 'u.item',
    format: 'csv',
    columns: {
      id: 'item_id',
      title: 'title',
      release_date: 'release_date',
      ...Object.fromEntries(GENRES.map((genre) => [genre, genre])),
    },
    header: false,
    columnNames: ['item_id', 'title', 'release_date', 'video_release_date', 'imdb_url', ...GENRES],
    delimiter: '|',
    encoding: 'latin-1',
  },
  protocol: 'Explicit ratings 1 to 5: 5-fold cross-validation, RMSE and MAE.',
};
