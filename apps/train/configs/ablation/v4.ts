import { infoNce, mlpTower, twoTower, type Config } from 'towerkit';

import v3 from './v3.js';

/** `v3`, an item by its id and the vector of its title. */
export default {
  ...v3,
  name: 'ablation-v4',
  data: { ...v3.data, features: { text: { title: { encoder: { kind: 'lsa', dimensions: 128 } } } } },
  model: ({ content }) =>
    twoTower({
      item: mlpTower({
        dimensions: 64,
        inputs: {
          id: { kind: 'embedding', of: 'id', dimensions: 64 },
          title: { kind: 'feature', of: 'title', dimensions: content.title },
        },
      }),
      user: mlpTower({ inputs: { history: { kind: 'history', dimensions: 64 } }, dimensions: 64 }),
      normalize: true,
      loss: infoNce({ temperature: 0.2 }),
    }),
} satisfies Config;
