import type { Config } from 'towerkit';

import v5 from './v5.js';

/** `v5` with richer text: title and category as one text, in twice as many dimensions. */
export default {
  ...v5,
  name: 'ablation-v5b',
  data: {
    ...v5.data,
    features: {
      ...v5.data.features,
      text: {
        ...v5.data.features.text,
        about: { columns: ['title', 'category'], encoder: { kind: 'lsa', dimensions: 256 } },
      },
    },
  },
} satisfies Config;
