import { gatedTower, twoTower, type Config } from 'towerkit';

import titles from './amazon-video-games-text.js';

/**
 * `amazon-video-games-text` by gated fusion on both sides. Each thing known of an item or a user is weighed by a learned
 * gate, and pairs of them add their products; what the gates come to is printed by how many ratings items have.
 */
export default {
  ...titles,
  name: 'amazon-video-games-gated',
  model: ({ numeric, content }) =>
    twoTower({
      item: gatedTower({
        dimensions: 128,
        inputs: {
          id: { kind: 'embedding', of: 'id', dimensions: 128 },
          category: { kind: 'embedding', of: 'category', dimensions: 16, stddev: 0.1 },
          price: { kind: 'feature', of: 'price', dimensions: numeric.price },
          title: { kind: 'feature', of: 'title', dimensions: content.title },
        },
      }),
      user: gatedTower({
        dimensions: 128,
        dropout: 0.5,
        inputs: { history: { kind: 'history', dimensions: 128 } },
      }),
      idDropout: 0.15,
      similarity: { title: 96 },
    }),
} satisfies Config;
