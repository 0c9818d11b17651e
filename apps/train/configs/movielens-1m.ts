import { defineConfig, itemTower, mse, sumTower, twoTower } from 'towerkit';

/**
 * MovieLens 1M: how somebody rates a movie, by who they are, what they rated and the movie's genres. `--data` names the folder of
 * the set.
 */
export default defineConfig({
  name: 'movielens-1m',
  data: {
    dataset: 'movielens-1m',
    features: { lists: { genres: { separator: '|' } } },
    users: {
      file: 'users.dat',
      format: 'csv',
      header: false,
      columnNames: ['user_id', 'gender', 'age', 'occupation', 'zip'],
      delimiter: '::',
      features: { categories: { gender: {}, age: {}, occupation: {} } },
    },
  },
  split: { kind: 'random', validation: 0.1, test: 0.1 },
  model: ({ numeric, ratings, user }) =>
    twoTower({
      item: itemTower({ dimensions: 128, stddev: 0.05, numeric }),
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
  metrics: ['rmse', 'mae'],
});
