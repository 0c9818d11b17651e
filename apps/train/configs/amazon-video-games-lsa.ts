import type { Config } from 'towerkit';

import titles from './amazon-video-games-text.js';

/** `amazon-video-games-text` with latent semantic analysis in place of MiniLM: nothing to download. */
export default {
  ...titles,
  name: 'amazon-video-games-lsa',
  data: {
    ...titles.data,
    features: { ...titles.data?.features, text: { title: { encoder: { kind: 'lsa', dimensions: 256 } } } },
  },
} satisfies Config;
