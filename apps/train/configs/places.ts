import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

const OPEN = ['Early', 'Morning', 'Afternoon', 'Night'].flatMap((part) => [
  `weekday${part}`,
  `weekend${part}`,
]);

/**
 * Where somebody goes next: places by what they are and where, people by where they have been, the last place and the moment. `--data`
 * names the folder of a set of check-ins, such as `petaling-jaya-checkins` or `nyc-checkins-osm`; features that a set does not have are
 * left out.
 */
export default defineConfig({
  name: 'places',
  data: {
    absent: 'skip',
    features: {
      categories: { category: {}, group: {}, price: {} },
      numeric: Object.fromEntries(OPEN.map((name) => [name, { scale: 'none' as const, missing: false }])),
      // How near a place is to the last one, and to where somebody usually is.
      locations: { location: { unknown: -1 } },
    },
    moment: {
      time: ['hour', 'weekday'],
      features: { categories: { conditions: {} }, numeric: { temperature: {}, precipitation: {} } },
    },
  },
  split: { kind: 'temporal', shares: { validation: 0.1 } },
  questions: 'rolling',
  // Where any next place counts (`--repeats allow`), how often and how lately somebody was there.
  frequency: { bonus: 4, weight: 8, halfLife: 50 },
  // Most check-ins are returns, which the frequency knows: the towers learn first visits alone.
  targets: { repeats: false },
  model: ({ categories, numeric, moment }) =>
    twoTower({
      item: itemTower({
        dimensions: 64,
        categories: Object.fromEntries(Object.keys(categories).map((name) => [name, 16])),
        numeric,
      }),
      user: gruTower({ dimensions: 64, dropout: 0.4, inputs: moment.inputs }),
      similarity: { location: { dimensions: 192, weight: 8 } },
      // Places that nobody has been to are known by what and where they are.
      idDropout: 0.1,
      momentDropout: Object.keys(moment.inputs).length > 0 ? 0.1 : 0,
    }),
  maxLength: 50,
  optimizer: { learningRate: 0.002 },
  epochs: 8,
  // What comes next is asked with the latest visits known.
  refit: true,
  metrics: ['hr@10', 'ndcg@10', 'recall@20'],
  earlyStopping: { metric: 'ndcg@10', patience: 2 },
});
