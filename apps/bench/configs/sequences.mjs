/**
 * What the tower of `sequences` is made of, on Amazon Beauty by the strict protocol: trained on all but the last two items of
 * everybody, chosen on the last but one, reported on the last. `VARIANT` names one of them.
 */
import { defineConfig, gruTower, itemTower, selfAttentionTower, twoTower, wholeSoftmax } from 'towerkit';
import shipped from '../../train/configs/sequences.ts';

/** What each has beside a plain SASRec after the sum, and the loss's smoothing. */
const VARIANTS = {
  sasrec: {},
  frequencies: { tower: { frequencies: {} } },
  smoothing: { tower: { frequencies: {} }, smoothing: 0.1 },
  convolution: { tower: { frequencies: {}, convolution: 8 }, smoothing: 0.1 },
  mean: { tower: { frequencies: {}, mean: true }, smoothing: 0.1 },
};

/** The config before: a GRU with 2,048 drawn negatives. */
const gru = {
  start: { als: {} },
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 128 }),
      user: gruTower({ dimensions: 128, dropout: 0.5, mean: true }),
    }),
  negatives: [{ kind: 'uniform', count: 2048 }],
  optimizer: { learningRate: 0.001 },
  epochs: 12,
  earlyStopping: { patience: 3 },
};

const selfAttention = ({ tower, smoothing = 0 }) => ({
  model: () =>
    twoTower({
      item: itemTower({ dimensions: 64 }),
      user: selfAttentionTower({ dimensions: 64, maxLength: 50, dropout: 0.5, norm: 'after', ...tower }),
      loss: wholeSoftmax({ smoothing }),
      bias: false,
    }),
  optimizer: { learningRate: 0.004, tables: { learningRate: 0.004 } },
  epochs: 20,
  earlyStopping: { patience: 16 },
});

const variant = process.env.VARIANT ?? 'shipped';
export default defineConfig({
  ...shipped,
  ...(variant === 'gru' ? gru : variant === 'shipped' ? {} : selfAttention(VARIANTS[variant])),
  name: `sequences-${variant}`,
  data: { dataset: 's3rec-beauty' },
  split: { kind: 'leave-last-two-out' },
});
