/**
 * What the tower of `complete-journey` may read, one thing after the other: `VARIANT` names how far. Nobody knows the moment of a
 * question about four weeks, so only the variant of that name reads it, and half of its examples are trained without. The validation weeks are those of
 * October, November is the test.
 */
import { manifests } from '@towerkit/datasets';
import { defineConfig, itemTower, sumTower, twoTower } from 'towerkit';
import shipped from '../../train/configs/complete-journey.ts';

const ORDER = ['histories', 'products', 'households', 'moment', 'weights'];
const variant = process.env.VARIANT ?? 'shipped';
const reads = (what) => ORDER.indexOf(what) <= ORDER.indexOf(variant);
const split = { kind: 'temporal', validation: 1507248000, test: 1509667200 };

/** The set with what was bought of each product as a weight. */
const { interactions, catalog } = manifests.find(({ name }) => name === 'complete-journey');
const weighed = { ...interactions, columns: { ...interactions.columns, weight: 'quantity' }, catalog };

const towers = ({ user, moment }) =>
  twoTower({
    momentDropout: variant === 'moment' ? 0.5 : 0,
    item: itemTower({
      dimensions: 64,
      categories: reads('products')
        ? { department: 8, category: 16, type: 32, brand: 2, manufacturer: 16 }
        : {},
    }),
    user: sumTower({
      dimensions: 64,
      inputs: {
        history: { kind: 'history', dimensions: 64 },
        ...(reads('households') && user.inputs),
        ...(variant === 'moment' && moment.inputs),
      },
    }),
  });

export default defineConfig(
  variant === 'shipped'
    ? { ...shipped, split, refit: false, examples: 0 }
    : {
        ...shipped,
        name: variant,
        data: {
          ...shipped.data,
          features: { categories: { department: {}, category: {}, type: {}, brand: {}, manufacturer: {} } },
          ...(variant === 'moment' && { moment: { time: ['weekday', 'hour'] } }),
          ...(reads('weights') && { dataset: weighed, weights: { transform: 'log1p', cap: 3 } }),
        },
        split,
        refit: false,
        start: { als: {} },
        model: towers,
        negatives: [{ kind: 'uniform', count: 2048 }],
        maxLength: 200,
        optimizer: { learningRate: 0.002 },
        epochs: 2,
        examples: 0,
      },
);
