import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';

/**
 * Amazon Reviews 2023, Video Games: `amazon-video-games` with the titles' MiniLM vectors, added to each item and compared
 * with those of the history. Items are read without their id now and then, so that those nobody has had yet are ranked by
 * their titles. `--data` names the folder of the set, `--models` one that holds all-MiniLM-L6-v2.
 */
export default defineConfig({
  name: 'amazon-video-games-text',
  data: {
    dataset: 'amazon-video-games-2023',
    features: {
      categories: { category: {} },
      numeric: { price: { transform: 'log1p' } },
      text: { title: { encoder: { kind: 'minilm' } } },
    },
  },
  start: { als: {} },
  model: ({ numeric, content }) =>
    twoTower({
      item: itemTower({ dimensions: 128, categories: { category: 16 }, numeric, content }),
      user: gruTower({ dimensions: 128, dropout: 0.5, mean: true }),
      idDropout: 0.15,
      similarity: { title: 96 },
    }),
  calibrateUnseen: {},
  optimizer: { learningRate: 0.002 },
  epochs: 5,
});
