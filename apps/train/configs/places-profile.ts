import { bce, defineConfig, mlpTower, twoTower, type Loss, type ModelShapes } from 'towerkit';

/**
 * The model of a content profile: standardised features of a place, and their mean over somebody's places, each through
 * Linear -> ReLU -> Linear.
 */
export function profileModel(loss: Loss) {
  return ({ numeric }: ModelShapes) => {
    const profile = Object.keys(numeric);
    const width = profile.reduce((sum, name) => sum + numeric[name], 0);
    const network = { dimensions: 128, hidden: [512] };
    return twoTower({
      item: mlpTower({
        ...network,
        inputs: Object.fromEntries(
          profile.map((of) => [of, { kind: 'feature' as const, of, dimensions: numeric[of] }]),
        ),
      }),
      user: mlpTower({ ...network, inputs: { history: { kind: 'history', dimensions: width } } }),
      profile,
      bias: false,
      loss,
    });
  };
}

/**
 * The content profile: a place is what it is like, a user the mean of the places they went to, each through a network of its own, and
 * no one has a vector of their own. Trained on visits against places drawn uniformly, by binary cross-entropy. `--data` names the folder of a set
 * of places such as `petaling-jaya-checkins`; features that a set does not have are left out.
 */
export default defineConfig({
  name: 'places-profile',
  data: {
    absent: 'skip',
    features: {
      lists: { category: {}, group: {} },
      numeric: {
        price: {},
        rating: {},
        ...Object.fromEntries(
          ['Early', 'Morning', 'Afternoon', 'Night'].flatMap((part) =>
            ['weekday', 'weekend'].map((day) => [
              `${day}${part}`,
              { scale: 'none' as const, missing: false },
            ]),
          ),
        ),
      },
      locations: { location: { unknown: -1 } },
    },
  },
  split: { kind: 'random', validation: 0.2 },
  model: profileModel(bce()),
  maxLength: 50,
  batchSize: 2048,
  negatives: [{ kind: 'uniform', count: 2048 }],
  optimizer: { learningRate: 0.001, weightDecay: 0.00001, schedule: 'constant' },
  epochs: 30,
  seed: 42,
  metrics: ['recall@10', 'hr@10', 'precision@10', 'ndcg@10'],
  earlyStopping: { metric: 'ndcg@10', patience: 30 },
});
