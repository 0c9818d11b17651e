import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import { CandidateSampler, popularity, uniform } from '@towerkit/sampling';
import {
  bce,
  bpr,
  contrastive,
  dislikes,
  distillation,
  gbce,
  gruTower,
  infoNce,
  itemTower,
  refinedSoftmax,
  sampledSoftmax,
  twoTower,
  type Loss,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';

import { UserVectors } from '../src/inference/user-vectors.js';
import { computeItemVectors, train, type TrainOptions, type TrainResult } from '../src/index.js';
import { ringHistories } from './toy.js';

const ITEMS = 20;
const histories = ringHistories(80, ITEMS, 3);
const disliked = CsrMatrix.fromRows(
  Array.from({ length: 80 }, (_, user) =>
    (user % 3 === 0 ? [] : [user % ITEMS, (user * 7) % ITEMS]).filter(
      (item) => !histories.row(user).includes(item),
    ),
  ),
  ITEMS,
);

function run(loss: Loss, more: Partial<TrainOptions> = {}, dropout = 0): Promise<TrainResult> {
  const model = twoTower({
    item: itemTower({ dimensions: 8 }),
    user: gruTower({ dimensions: 8, dropout, id: 8 }),
    loss,
  });
  return train({
    model,
    data: { histories, disliked },
    threads: 1,
    epochs: 2,
    batches: { batchSize: 64, negatives: [{ proposal: { kind: 'uniform' }, count: 10 }] },
    ...more,
  });
}

/** A teacher who scores items by how far around a ring they are from the user. */
const teacher = {
  name: 'ring',
  scores: (users: Int32Array, items: Int32Array) =>
    Float32Array.from({ length: users.length * items.length }, (_, at) => {
      const user = users[Math.floor(at / items.length)];
      return Math.cos((2 * Math.PI * (items[at % items.length] - user)) / ITEMS);
    }),
};

/** A loss that sees ids: it asks for small scores of items with large ids. */
const byId: Loss = {
  name: 'by-id',
  ids: true,
  apply: ({ users, candidates, ids }) =>
    tf.mean(
      tf.squaredDifference(
        tf.matMul(users, candidates, false, true),
        tf.neg(tf.expandDims(tf.div(tf.cast(ids!, 'float32'), ITEMS), 0)),
      ),
      1,
    ) as tf.Tensor1D,
};

describe('training with', () => {
  const losses: Record<string, [Loss, Partial<TrainOptions>?]> = {
    'refined softmax': [refinedSoftmax()],
    gbce: [gbce({ items: ITEMS })],
    contrastive: [contrastive()],
    'focal bce': [bce({ focal: 2 })],
    dislikes: [dislikes({ loss: sampledSoftmax() })],
    'distillation by mse': [distillation({ loss: infoNce(), alpha: 0.5 }), { teacher }],
    'distillation by cosine': [distillation({ loss: bpr(), alpha: 0.9, by: 'cosine' }), { teacher }],
    'a loss that sees ids': [byId],
  };

  test.each(Object.entries(losses))('%s: both engines take the same steps', async (_, [loss, more]) => {
    const [onnx, tfjs] = await Promise.all([
      run(loss, more),
      run(loss, { ...more, engine: await createEngine({ kind: 'tfjs', backend: 'cpu' }) }),
    ]);
    onnx.epochs.forEach(({ loss: value }, epoch) => {
      expect(value).not.toBe(0);
      expect(Math.abs(value - tfjs.epochs[epoch].loss)).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
    });
  });

  test('nothing but dislikes: they end below what their users take', async () => {
    const none: Loss = { name: 'none', apply: ({ users }) => tf.sum(tf.mul(users, 0), 1) as tf.Tensor1D };
    const scores = await scoresOf(await run(dislikes({ loss: none }), { epochs: 40 }));
    const margins = scores.flatMap((row, user) =>
      Array.from(disliked.row(user), (item) => {
        const taken = Array.from(histories.row(user).subarray(1), (had) => row[had]);
        return taken.length > 0 ? mean(taken) - row[item] : [];
      }).flat(),
    );
    expect(margins.length).toBeGreaterThan(50);
    expect(mean(margins)).toBeGreaterThan(2);
  });

  test('nothing but a teacher: its ranking is learned', async () => {
    const result = await run(distillation({ loss: bpr(), alpha: 1 }), {
      teacher,
      epochs: 150,
      optimizer: { learningRate: 0.02 },
    });
    const scores = await scoresOf(result);
    const all = Int32Array.from({ length: ITEMS }, (_, item) => item);
    let agree = 0;
    for (let user = 0; user < 80; user++) {
      const wanted = teacher.scores(Int32Array.of(user), all);
      agree += correlation(scores[user], [...wanted]) / 80;
    }
    expect(agree).toBeGreaterThan(0.8);
  });

  test('distillation without a teacher is refused before anything is compiled', async () => {
    await expect(run(distillation({ loss: bpr(), alpha: 0.5 }))).rejects.toMatchObject({
      code: 'NO_TEACHER',
    });
  });

  test('a teacher whose scores are too few is refused', async () => {
    const short = { name: 'short', scores: () => new Float32Array(3) };
    await expect(run(distillation({ loss: bpr(), alpha: 0.5 }), { teacher: short })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
  });
});

describe('refined log q', () => {
  test('of frequent targets, its mean gradient is nearer to that of the whole softmax than the classic one', async () => {
    await tf.setBackend('cpu');
    const rng = new Rng(5);
    const items = 30;
    const user = tf.tensor2d(
      Float32Array.from({ length: 8 }, () => rng.normal()),
      [1, 8],
    );
    const catalog = tf.tensor2d(
      Float32Array.from({ length: items * 8 }, () => rng.normal()),
      [items, 8],
    );
    const target = 3;
    const counts = Int32Array.from({ length: items }, (_, item) => 1 + Math.floor(40 / (item + 1)));
    // Everything a candidate, with certainty: the softmax over the whole catalog.
    const whole = gradient(sampledSoftmax(), user, catalog, [target, ...others(items, target)], () => 0);
    const sampler = new CandidateSampler({
      proposals: [
        { proposal: popularity(counts, { power: 1 }), count: 4 },
        { proposal: uniform(items), count: 4 },
      ],
    });
    const distance = (loss: Loss) => {
      const draws = new Rng(8);
      const sum = new Float64Array(items * 8);
      const trials = 400;
      for (let trial = 0; trial < trials; trial++) {
        const room = sampler.capacity(1);
        const out = {
          items: new Int32Array(room),
          logQ: new Float32Array(room),
          positions: new Int32Array(1),
        };
        const found = sampler.sample(Int32Array.of(target), 1, draws, out);
        const part = gradient(loss, user, catalog, [...out.items.subarray(0, found)], (c) => out.logQ[c]);
        part.forEach((value, at) => (sum[at] += value / trials));
      }
      return Math.sqrt(sum.reduce((total, value, at) => total + (value - whole[at]) ** 2, 0));
    };
    const [refined, classic] = [distance(refinedSoftmax()), distance(sampledSoftmax())];
    expect(refined).toBeLessThan(0.8 * classic);
  });
});

const others = (items: number, target: number) =>
  Array.from({ length: items }, (_, item) => item).filter((item) => item !== target);

/** Gradient of a loss by the catalog's vectors, its candidates being some of them, the target first. */
function gradient(
  loss: Loss,
  users: tf.Tensor2D,
  catalog: tf.Tensor2D,
  columns: number[],
  logQ: (column: number) => number,
): Float32Array {
  return tf.tidy(() =>
    tf
      .grad((vectors) =>
        tf.sum(
          loss.apply({
            users,
            candidates: tf.gather(vectors, tf.tensor1d(columns, 'int32')) as tf.Tensor2D,
            positives: tf.tensor1d([0], 'int32'),
            logQ: tf.tensor1d(columns.map((_, column) => logQ(column))),
          }),
        ),
      )(catalog)
      .dataSync(),
  ) as Float32Array;
}

/** Scores of every item for every user after their whole history. */
async function scoresOf({ model, state }: TrainResult): Promise<number[][]> {
  const engine = await createEngine({ threads: 1 });
  const vectors = await computeItemVectors(model, state, ITEMS, engine);
  const users = await UserVectors.create(model, state, 80, 20, engine);
  const ids = Int32Array.from({ length: 80 }, (_, user) => user);
  const rows = Array.from(ids, (user) => histories.row(user));
  const found = await users.compute(rows, ids, vectors);
  await users.dispose();
  await engine.dispose();
  return rows.map((_, user) =>
    Array.from({ length: ITEMS }, (_, item) => {
      let score = 0;
      for (let i = 0; i < model.dimensions; i++)
        score += found[user * model.dimensions + i] * vectors.data[item * model.dimensions + i];
      return score;
    }),
  );
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (f: (i: number) => number) => a.reduce((sum, _, i) => sum + f(i), 0);
  const cov = dot((i) => (a[i] - ma) * (b[i] - mb));
  return cov / Math.sqrt(dot((i) => (a[i] - ma) ** 2) * dot((i) => (b[i] - mb) ** 2));
}
