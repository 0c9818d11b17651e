import type { Config } from 'towerkit';

import v5 from './v5.js';

/**
 * `v5` with vectors of the items' images, from a file in the folder of the data, as `towerkit embed-images` writes it. Where there is
 * none the run says so, and is `v5`.
 */
export default {
  ...v5,
  name: 'ablation-v7',
  data: {
    ...v5.data,
    features: { ...v5.data.features, vectors: { image: { file: 'image-vectors.safetensors' } } },
  },
} satisfies Config;
