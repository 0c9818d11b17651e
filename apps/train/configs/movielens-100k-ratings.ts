import { defineConfig, itemTower, mse, sumTower, twoTower } from 'towerkit';

const GENRES =
  'action adventure animation children comedy crime documentary drama fantasy film_noir horror musical mystery romance sci_fi thriller war western';

/** MovieLens 100K: how somebody rates a movie. `--data` names the folder of the set. */
export default defineConfig({
  name: 'movielens-100k-ratings',
  data: {
    dataset: 'ml-100k',
    features: {
      numeric: Object.fromEntries(
        GENRES.split(' ').map((genre) => [genre, { scale: 'none', missing: false }]),
      ),
    },
    users: {
      file: 'u.user',
      format: 'csv',
      header: false,
      columnNames: ['user_id', 'age', 'gender', 'occupation', 'zip'],
      delimiter: '|',
      features: { categories: { gender: {}, occupation: {} }, numeric: { age: { buckets: 7 } } },
    },
  },
  split: { kind: 'random', validation: 0.1 },
  model: ({ numeric, ratings, user }) =>
    twoTower({
      item: itemTower({ dimensions: 64, stddev: 0.05, numeric }),
      user: sumTower({
        dimensions: 64,
        inputs: { id: { kind: 'embedding', of: 'id', dimensions: 64, stddev: 0.05 }, ...user.inputs },
      }),
      userBias: true,
      idDropout: 0.1,
      userIdDropout: 0.05,
      loss: mse({ offset: ratings.mean, range: ratings.range, regularization: 0.1 }),
    }),
  batchSize: 256,
  optimizer: { learningRate: 0.003 },
  epochs: 40,
  // The validation rows choose the epochs; then all rows are learned.
  refit: true,
  metrics: ['rmse', 'mae'],
  earlyStopping: { patience: 6 },
});
