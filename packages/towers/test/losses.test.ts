import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { bce, bpr, infoNce, logPartition, mse, sampledSoftmax, type LossBatch } from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const ROWS = 5;
const COLUMNS = 7; // the last one is padding
const WIDTH = 4;
const POSITIVES = [0, 1, 2, 1, 3];
const MASKED = [
  [0, 1],
  [0, 5],
  [3, 0],
  [4, 4],
];

/** @param own whether the targets have a log q of their own */
function randomBatch(seed: number, scale = 1, own = false): LossBatch {
  const rng = new Rng(seed);
  const logQ = Float32Array.from({ length: COLUMNS }, () => Math.log(0.05 + 0.9 * rng.uniform()));
  logQ[COLUMNS - 1] = Infinity;
  return {
    users: randomTensor<tf.Tensor2D>([ROWS, WIDTH], rng, scale),
    candidates: randomTensor<tf.Tensor2D>([COLUMNS, WIDTH], rng, scale),
    positives: tf.tensor1d(POSITIVES, 'int32'),
    logQ: tf.tensor1d(logQ),
    ...(own && { targetLogQ: tf.tensor1d(POSITIVES.map(() => Math.log(0.05 + 0.9 * rng.uniform()))) }),
    masked: tf.tensor2d(MASKED, [MASKED.length, 2], 'int32'),
    ratings: tf.tensor1d([1, 2, 3, 4, 5]),
  };
}

/** Scores in float64 and, per row, the columns that are true negatives. */
function unpack({ users, candidates }: LossBatch) {
  const [u, v] = [users.arraySync(), candidates.arraySync()];
  const scores = u.map((a) => v.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0)));
  const negatives = scores.map((row, r) =>
    row
      .map((_, c) => c)
      .filter(
        (c) => c !== POSITIVES[r] && c !== COLUMNS - 1 && !MASKED.some(([mr, mc]) => mr === r && mc === c),
      ),
  );
  return { scores, negatives };
}

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const logSumExp = (xs: number[]) => {
  const max = Math.max(...xs);
  return max + Math.log(xs.reduce((sum, x) => sum + Math.exp(x - max), 0));
};

/** Each loss as its paper writes it. */
const ORACLES: Record<string, (batch: LossBatch) => number[]> = {
  'sampled-softmax': (batch) => {
    const { scores, negatives } = unpack(batch);
    const logQ = batch.logQ.arraySync();
    const own = batch.targetLogQ?.arraySync();
    return scores.map((row, r) => {
      const logit = (c: number) => row[c] - (own && c === POSITIVES[r] ? own[r] : logQ[c]);
      return logSumExp([POSITIVES[r], ...negatives[r]].map(logit)) - logit(POSITIVES[r]);
    });
  },
  'info-nce': (batch) => {
    const { scores, negatives } = unpack(batch);
    return scores.map(
      (row, r) =>
        logSumExp([POSITIVES[r], ...negatives[r]].map((c) => row[c] / 0.5)) - row[POSITIVES[r]] / 0.5,
    );
  },
  bpr: (batch) => {
    const { scores, negatives } = unpack(batch);
    return scores.map((row, r) => mean(negatives[r].map((c) => softplus(row[c] - row[POSITIVES[r]]))));
  },
  bce: (batch) => {
    const { scores, negatives } = unpack(batch);
    return scores.map(
      (row, r) => softplus(-row[POSITIVES[r]]) + mean(negatives[r].map((c) => softplus(row[c]))),
    );
  },
  mse: (batch) => {
    const { scores } = unpack(batch);
    return scores.map((row, r) => (row[POSITIVES[r]] + 2.5 - (r + 1)) ** 2);
  },
};

const LOSSES = [sampledSoftmax(), infoNce({ temperature: 0.5 }), bpr(), bce(), mse({ offset: 2.5 })];
const CASES = LOSSES.flatMap((loss) => [
  { name: loss.name, loss, own: false },
  { name: `${loss.name} of targets with a log q of their own`, loss, own: true },
]);

describe('losses', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each(CASES)('$name equals its formula, masks and padding left out', ({ loss, own }) => {
    for (let seed = 0; seed < 5; seed++) {
      const batch = randomBatch(seed, 1, own);
      const expected = tf.tensor1d(ORACLES[loss.name](batch));
      expect(relativeError(loss.apply(batch), expected)).toBeLessThan(1e-5);
    }
  });

  test.each(CASES)('the gradient of $name equals finite differences', ({ loss, own }) => {
    const batch = randomBatch(9, 1, own);
    const total = (users: tf.Tensor, candidates: tf.Tensor) =>
      tf.sum(loss.apply({ ...batch, users: users as tf.Tensor2D, candidates: candidates as tf.Tensor2D }));
    const inputs = [batch.users, batch.candidates];
    const gradients = tf.grads(total as (...xs: tf.Tensor[]) => tf.Scalar)(inputs);
    const oracle = (users: tf.Tensor2D, candidates: tf.Tensor2D) =>
      ORACLES[loss.name]({ ...batch, users, candidates }).reduce((a, b) => a + b);
    inputs.forEach((input, which) => {
      const values = input.dataSync();
      const expected = Array.from(values, (_, i) => {
        const at = (delta: number) => {
          const moved = tf.tensor2d(
            values.map((x, j) => (j === i ? x + delta : x)),
            input.shape,
          );
          return which === 0 ? oracle(moved, batch.candidates) : oracle(batch.users, moved);
        };
        return (at(1e-3) - at(-1e-3)) / 2e-3;
      });
      expect(relativeError(gradients[which], tf.tensor2d(expected, input.shape))).toBeLessThan(2e-3);
    });
  });

  test('a masked candidate takes no gradient, however well it scores', () => {
    const { users, candidates, masked } = randomBatch(3);
    const offsets = tf.zeros([COLUMNS]) as tf.Tensor1D;
    const [, gradient] = tf.grads((u: tf.Tensor, v: tf.Tensor) =>
      tf.sum(tf.gather(logPartition(u as tf.Tensor2D, v as tf.Tensor2D, offsets, masked), [0])),
    )([users, tf.mul(candidates, 30)]);
    const rows = gradient.arraySync() as number[][];
    expect(rows[1].every((g) => g === 0)).toBe(true);
    expect(rows[5].every((g) => g === 0)).toBe(true);
    expect(rows.flat().some((g) => g !== 0)).toBe(true);
  });

  test('the log partition survives logits of +-1000', () => {
    const users = tf.tensor2d([[1000], [-1000]]);
    const items = tf.tensor2d([[1], [-1], [0.999]]);
    const lse = logPartition(users, items, tf.zeros([3]) as tf.Tensor1D).arraySync();
    expect(lse[0]).toBeCloseTo(1000 + Math.log1p(Math.exp(-1)), 2);
    expect(lse[1]).toBeCloseTo(1000, 2);
  });

  test('mse without ratings says what to do', () => {
    expect(() => mse().apply({ ...randomBatch(0), ratings: undefined })).toThrow(
      expect.objectContaining({ code: 'NO_RATINGS' }),
    );
  });
});
