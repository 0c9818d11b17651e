import { defineConfig, itemTower, mse, sumTower, twoTower } from 'towerkit';

/**
 * MovieLens 1M: how somebody rates a movie, by who both are: age, gender and occupation, genres, year and the poster. `--data` names
 * the folder of the set, which has vectors of the posters beside the ratings.
 */
export default defineConfig({
  name: 'movielens-1m',
  data: {
    dataset: 'movielens-1m',
    features: {
      lists: { genres: { separator: '|' } },
      numeric: { year: {} },
      vectors: { poster: { file: 'poster-vectors-1280.f16.npy', ids: 'poster-vectors.ids.txt' } },
    },
    users: {
      file: 'users.dat',
      format: 'csv',
      header: false,
      columnNames: ['user_id', 'gender', 'age', 'occupation', 'zip'],
      delimiter: '::',
      features: { categories: { gender: {}, age: {}, occupation: {} } },
    },
  },
  split: { kind: 'random', validation: 0.1 },
  model: ({ numeric, vectors, ratings, user }) =>
    twoTower({
      item: itemTower({ dimensions: 128, stddev: 0.05, numeric, content: vectors }),
      user: sumTower({
        dimensions: 128,
        inputs: { id: { kind: 'embedding', of: 'id', dimensions: 128, stddev: 0.05 }, ...user.inputs },
      }),
      userBias: true,
      idDropout: 0.05,
      userIdDropout: 0.05,
      loss: mse({ offset: ratings.mean, range: ratings.range, regularization: 0.07 }),
    }),
  batchSize: 512,
  epochs: 20,
  // The validation rows choose the epochs; then all rows are learned.
  refit: true,
  metrics: ['rmse', 'mae'],
});
