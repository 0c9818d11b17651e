import { defineConfig, itemTower, selfAttentionTower, twoTower, wholeSoftmax } from 'towerkit';

/**
 * Any file of lines `user item item ...`, oldest first, gzip or not. `--data` names the file. It trains on the whole catalog, of
 * at most 65,536 items: for a larger one leave out `negatives` and `loss`.
 */
export default defineConfig({
  name: 'sequences',
  data: { dataset: { format: 'sequences', columns: { user: 'user_id', item: 'item_id' } } },
  start: { als: {}, norm: 0.6 },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 64 }),
      user: selfAttentionTower({
        dimensions: 64,
        maxLength: 50,
        dropout: 0.5,
        norm: 'after',
        frequencies: {},
      }),
      loss: wholeSoftmax({ smoothing: 0.1 }),
      bias: false,
    }),
  maxLength: 50,
  negatives: 'all',
  optimizer: { learningRate: 0.004, tables: { learningRate: 0.004 } },
  epochs: 20,
  earlyStopping: { patience: 5 },
});
