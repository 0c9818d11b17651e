import { gatedTower, infoNce, twoTower, type Config, type ModelShapes, type Tower } from 'towerkit';

import v5 from './v5.js';

/** `v5` by additive fusion as in a factorization machine: gates weigh each part of an item and of a user, and pairs add their products. */
export default {
  ...v5,
  name: 'ablation-v8',
  model: (shapes) =>
    twoTower({
      item: gatedItem(shapes),
      user: gatedTower({ activity: true, inputs: { history: { kind: 'history', dimensions: 64 } } }),
      normalize: true,
      loss: infoNce({ temperature: 0.2 }),
    }),
} satisfies Config;

/** All that the data set knows of an item, each part with its gate. */
export const gatedItem = ({ categories, numeric, content }: ModelShapes): Tower =>
  gatedTower({
    inputs: {
      id: { kind: 'embedding', of: 'id', dimensions: 64 },
      ...Object.fromEntries(
        Object.keys(categories).map((of) => [
          of,
          { kind: 'embedding' as const, of, dimensions: 16, stddev: 0.1 },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries({ ...numeric, ...content }).map(([of, dimensions]) => [
          of,
          { kind: 'feature' as const, of, dimensions },
        ]),
      ),
    },
  });
