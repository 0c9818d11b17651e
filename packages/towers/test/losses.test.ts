import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  bce,
  bpr,
  contrastive,
  dislikes,
  distillation,
  gbce,
  infoNce,
  logPartition,
  mse,
  refinedSoftmax,
  sampledSoftmax,
  UNKNOWN_SCORE,
  type Loss,
  type LossBatch,
} from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const ROWS = 5;
const COLUMNS = 7; // the last one is padding
const WIDTH = 4;
const ITEMS = 20;
const POSITIVES = [0, 1, 2, 1, 3];
const MASKED = [
  [0, 1],
  [0, 5],
  [3, 0],
  [4, 4],
];

/** A teacher who knows nothing of the third user, nor of the second item. */
const partlyKnown = (scores: tf.Tensor2D) =>
  tf.tensor2d(
    scores.arraySync().map((row, r) => row.map((score, c) => (r === 2 || c === 1 ? UNKNOWN_SCORE : score))),
  );

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
    teacher: partlyKnown(randomTensor<tf.Tensor2D>([ROWS, COLUMNS], rng)),
    disliked: {
      vectors: randomTensor<tf.Tensor2D>([ROWS, WIDTH], rng, scale),
      present: tf.tensor1d([1, 0, 1, 1, 0]),
    },
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

/** Ratings 1 to 5 as labels in [0, 1]. */
const labelled = (batch: LossBatch): LossBatch => ({
  ...batch,
  ratings: tf.div(batch.ratings!, 5) as tf.Tensor1D,
});
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const sum = (xs: number[]) => xs.reduce((a, b) => a + b, 0);

/** Each loss as its paper writes it. */
const ORACLES: Record<string, (batch: LossBatch) => number[]> = {
  gbce: (batch) => {
    const { scores, negatives } = unpack(batch);
    return scores.map((row, r) => {
      const k = negatives[r].length;
      const alpha = k / (ITEMS - 1);
      const beta = alpha * (0.75 * (1 - 1 / alpha) + 1 / alpha);
      const yes = Math.log(sigmoid(row[POSITIVES[r]]) ** beta);
      return -(yes + sum(negatives[r].map((c) => Math.log(1 - sigmoid(row[c]))))) / (k + 1);
    });
  },
  contrastive: (batch) => {
    const { scores, negatives } = unpack(batch);
    const labels = labelled(batch).ratings!.arraySync();
    const hinge = (x: number) => Math.max(0, x - 0.1);
    return scores.map((row, r) => {
      const target = row[POSITIVES[r]];
      return (
        labels[r] * (1 - target) +
        (1 - labels[r]) * hinge(target) +
        mean(negatives[r].map((c) => hinge(row[c])))
      );
    });
  },
  'focal labels': (batch) => {
    const { scores, negatives } = unpack(batch);
    const labels = labelled(batch).ratings!.arraySync();
    const yes = (x: number) => -((1 - sigmoid(x)) ** 2) * Math.log(sigmoid(x));
    const no = (x: number) => -(sigmoid(x) ** 2) * Math.log(1 - sigmoid(x));
    return scores.map((row, r) => {
      const target = row[POSITIVES[r]];
      return (
        labels[r] * yes(target) + (1 - labels[r]) * no(target) + mean(negatives[r].map((c) => no(row[c])))
      );
    });
  },
  'distillation mse': (batch) => {
    const { scores, negatives } = unpack(batch);
    const teacher = batch.teacher!.arraySync();
    const base = ORACLES.bpr(batch);
    return scores.map((row, r) => {
      const columns = [POSITIVES[r], ...negatives[r]].filter((c) => teacher[r][c] > -1e29);
      if (columns.length === 0) return 0.5 * base[r];
      return 0.5 * base[r] + 0.5 * mean(columns.map((c) => (row[c] - teacher[r][c]) ** 2));
    });
  },
  'distillation cosine': (batch) => {
    const { scores, negatives } = unpack(batch);
    const teacher = batch.teacher!.arraySync();
    const base = ORACLES.bpr(batch);
    return scores.map((row, r) => {
      const columns = [POSITIVES[r], ...negatives[r]].filter((c) => teacher[r][c] > -1e29);
      if (columns.length === 0) return 0.1 * base[r];
      const dot = (a: number[], b: number[]) => sum(columns.map((c) => a[c] * b[c]));
      const cosine = dot(row, teacher[r]) / Math.sqrt(dot(row, row) * dot(teacher[r], teacher[r]));
      return 0.1 * base[r] + 0.9 * (1 - cosine);
    });
  },
  dislikes: (batch) => {
    const { scores } = unpack(batch);
    const [users, vectors] = [batch.users.arraySync(), batch.disliked!.vectors.arraySync()];
    const present = batch.disliked!.present.arraySync();
    const base = ORACLES.bpr(batch);
    return scores.map((row, r) => {
      const disliked = sum(users[r].map((x, i) => x * vectors[r][i]));
      return base[r] + 2 * present[r] * softplus(disliked - row[POSITIVES[r]]);
    });
  },
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

const LOSSES: Record<string, Loss> = {
  'sampled-softmax': sampledSoftmax(),
  'info-nce': infoNce({ temperature: 0.5 }),
  bpr: bpr(),
  bce: bce(),
  mse: mse({ offset: 2.5 }),
  gbce: gbce({ items: ITEMS }),
  contrastive: withLabels(contrastive({ margin: 0.1, graded: true })),
  'focal labels': withLabels(bce({ focal: 2, labels: true })),
  'distillation mse': distillation({ loss: bpr(), alpha: 0.5 }),
  'distillation cosine': distillation({ loss: bpr(), alpha: 0.9, by: 'cosine' }),
  dislikes: dislikes({ loss: bpr(), weight: 2 }),
};
const CASES = Object.entries(LOSSES).flatMap(([name, loss]) => [
  { name, oracle: ORACLES[name], loss, own: false },
  { name: `${name} of targets with a log q of their own`, oracle: ORACLES[name], loss, own: true },
]);

/** A loss of labels, over the ratings of the batch. */
function withLabels(loss: Loss): Loss {
  return { ...loss, apply: (batch) => loss.apply(labelled(batch)) };
}

describe('losses', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each(CASES)('$name equals its formula, masks and padding left out', ({ loss, oracle, own }) => {
    for (let seed = 0; seed < 5; seed++) {
      const batch = randomBatch(seed, 1, own);
      const expected = tf.tensor1d(oracle(batch));
      expect(relativeError(loss.apply(batch), expected)).toBeLessThan(1e-5);
    }
  });

  test.each(CASES)('the gradient of $name equals finite differences', ({ loss, oracle: formula, own }) => {
    const batch = randomBatch(9, 1, own);
    const total = (users: tf.Tensor, candidates: tf.Tensor) =>
      tf.sum(loss.apply({ ...batch, users: users as tf.Tensor2D, candidates: candidates as tf.Tensor2D }));
    const inputs = [batch.users, batch.candidates];
    const gradients = tf.grads(total as (...xs: tf.Tensor[]) => tf.Scalar)(inputs);
    const oracle = (users: tf.Tensor2D, candidates: tf.Tensor2D) =>
      formula({ ...batch, users, candidates }).reduce((a, b) => a + b);
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

  test('the gradient of refined softmax is that of the whole softmax where every item is a candidate', () => {
    // Every candidate is certain to be there: log q is 0, and the negatives are all other items.
    const { users, candidates, positives } = randomBatch(4);
    const batch = { positives, logQ: tf.zeros([COLUMNS]) as tf.Tensor1D };
    const gradients = [refinedSoftmax(), sampledSoftmax()].map((loss) =>
      tf.grads((u: tf.Tensor, v: tf.Tensor) =>
        tf.sum(loss.apply({ ...batch, users: u as tf.Tensor2D, candidates: v as tf.Tensor2D })),
      )([users, candidates]),
    );
    gradients[0].forEach((refined, which) =>
      expect(relativeError(refined, gradients[1][which])).toBeLessThan(1e-5),
    );
  });

  test.each([
    ['bce', () => bce({ focal: -1 }), 'BAD_OPTION'],
    ['gbce of no catalog', () => gbce({ items: 1 }), 'BAD_OPTION'],
    ['gbce', () => gbce({ items: 10, t: 2 }), 'BAD_OPTION'],
    ['distillation', () => distillation({ loss: bpr(), alpha: 0 }), 'BAD_OPTION'],
    ['dislikes', () => dislikes({ loss: bpr(), weight: -1 }), 'BAD_OPTION'],
    [
      'distillation without a teacher',
      () => distillation({ loss: bpr(), alpha: 1 }).apply({ ...randomBatch(0), teacher: undefined }),
      'NO_TEACHER',
    ],
    ['labels', () => bce({ labels: true }).apply({ ...randomBatch(0), ratings: undefined }), 'NO_RATINGS'],
    [
      'graded',
      () => contrastive({ graded: true }).apply({ ...randomBatch(0), ratings: undefined }),
      'NO_RATINGS',
    ],
  ])('%s: what makes no sense is refused', (_, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
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
