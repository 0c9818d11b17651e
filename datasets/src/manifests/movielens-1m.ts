import type { Manifest } from './manifest.js';

export const movielens1m: Manifest = {
  name: 'movielens-1m',
  title: 'MovieLens 1M',
  homepage: 'https://grouplens.org/datasets/movielens/1m/',
  license:
    'GroupLens terms: research use with acknowledgment, no redistribution without permission, no commercial use ' +
    'without permission. Cite Harper and Konstan, ACM TiiS 2015.',
  packaging:
    'Checksums are of a copy whose ratings are a CSV file, ratings.csv.gz (user_id, movie_id, rating), without the timestamps and ' +
    'without one row in ten; users.dat and movies.dat are the original files.',
  files: [
    { name: 'ratings.csv.gz', sha256: '07bd99d035ead8b8c843121250bf762b2fbb5bf9d9da1a20098899e03f2d7b6b' },
    { name: 'movies.dat', sha256: '0140fc2356357c1a851d0f52e893a1e4d3696df632c4141cea8d5bc3d621f0b9' },
    { name: 'users.dat', sha256: '1dc3a95300cb19f7c10e027daf29b8cdf1d908dab65b5edfb45950aa389a10a3' },
  ],
  interactions: {
    file: 'ratings.csv.gz',
    columns: { user: 'user_id', item: 'movie_id', rating: 'rating' },
  },
  catalog: {
    file: 'movies.dat',
    format: 'csv',
    columns: { id: 'movie_id', title: 'title', genres: 'genres' },
    extract: { year: { from: 'title', pattern: '\\((\\d{4})\\)\\s*$' } },
    header: false,
    columnNames: ['movie_id', 'title', 'genres'],
    delimiter: '::',
    encoding: 'latin-1',
  },
  protocol: 'Explicit ratings 1 to 5: one row in ten held back at random, RMSE and MAE.',
};
