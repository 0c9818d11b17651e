import { beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';
import { createEngine, type Engine } from '@towerkit/engine';
import { loadOnnx } from '@towerkit/engine/onnx';
import { itemTower, mse, rated, sampledSoftmax, sumTower, twoTower, type TwoTower } from '@towerkit/towers';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  computeItemVectors,
  exportTowers,
  nextItems,
  train,
  type TrainOptions,
  type TrainResult,
  type ValidationOptions,
} from '../src/index.js';

const USERS = 60;
const ITEMS = 30;
const SEX = Int32Array.from({ length: USERS }, (_, user) => user % 2);

/** Ratings of tastes of rank 2 with biases, and their noise; a quarter is held back. The last two users have no training row. */
function tastes() {
  const rng = new Rng(11);
  const draw = (count: number) =>
    Array.from({ length: count }, () => [rng.normal(), rng.normal(), rng.normal()]);
  const [users, items] = [draw(USERS), draw(ITEMS)];
  const parts = { train: [[], [], []], held: [[], [], []] } as Record<'train' | 'held', number[][]>;
  users.forEach((u, user) =>
    items.forEach((i, item) => {
      if (rng.uniform() < 0.3) return;
      const liking = (user % 2) * (item % 2);
      const rating =
        3 + 0.5 * u[2] + 0.5 * i[2] + 0.7 * (u[0] * i[0] + u[1] * i[1]) + liking + 0.1 * rng.normal();
      const part = user >= USERS - 2 || rng.uniform() < 0.25 ? parts.held : parts.train;
      [user, item, rating].forEach((value, k) => part[k].push(value));
    }),
  );
  const matrix = ([rows, columns, values]: number[][]) =>
    CsrMatrix.fromPairs(USERS, ITEMS, rows, columns, Float32Array.from(values));
  return { histories: matrix(parts.train), held: matrix(parts.held) };
}
const { histories, held } = tastes();
const mean = histories.values!.reduce((sum, value) => sum + value, 0) / histories.entries;

const towers = () => ({
  item: itemTower({ dimensions: 4, stddev: 0.3 }),
  user: sumTower({
    dimensions: 4,
    inputs: {
      id: { kind: 'embedding', of: 'id', dimensions: 4, stddev: 0.3 },
      sex: { kind: 'embedding', of: 'sex', dimensions: 2, stddev: 0.1 },
    },
  }),
});
const scale = { offset: mean, range: [-3, 9] as const };

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});

const run = (model: TwoTower, more: Partial<TrainOptions> = {}): Promise<TrainResult> =>
  train({
    model,
    engine,
    data: {
      histories,
      examples: nextItems(histories, { first: true }),
      users: { categories: { sex: { codes: SEX, size: 2 } } },
    },
    epochs: 30,
    seed: 4,
    batches: { batchSize: 64, negatives: [{ proposal: { kind: 'uniform' }, count: 10 }] },
    optimizer: { learningRate: 0.02 },
    validation: { targets: held, metrics: ['rmse', 'mae'] },
    earlyStopping: { metric: 'rmse', patience: 30 },
    ...more,
  });

/** RMSE and MAE of the kept weights, from the exported user tower and the item vectors, rating by rating. */
async function naiveErrors(result: TrainResult, output: string): Promise<{ rmse: number; mae: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-ratings-'));
  try {
    await writeFile(join(folder, 'user.onnx'), exportTowers(result).user);
    const tower = await loadOnnx(join(folder, 'user.onnx'), { threads: 1 });
    const vectors = await computeItemVectors(result.model, result.state, ITEMS, engine);
    let [squares, sum] = [0, 0];
    for (let user = 0; user < USERS; user++) {
      const feeds: Parameters<typeof tower.run>[0] = {};
      for (const name of tower.inputs) {
        if (name === 'mask') feeds.mask = { data: new Float32Array(20), shape: [1, 20] };
        else {
          const input = result.state.inputs[`user/${name}`];
          const row = new Float32Array(input.dimensions);
          input.gather(Int32Array.of(user), 1, row);
          feeds[name] = { data: row, shape: [1, row.length] };
        }
      }
      const asked = (await tower.run(feeds))[output].data as Float32Array;
      for (let at = held.indptr[user]; at < held.indptr[user + 1]; at++) {
        const item = vectors.row(held.indices[at]);
        const score = asked.reduce((total, x, d) => total + x * item[d], 0);
        const error = Math.min(9, Math.max(-3, mean + score)) - held.values![at];
        squares += error * error;
        sum += Math.abs(error);
      }
    }
    await tower.dispose();
    return { rmse: Math.sqrt(squares / held.entries), mae: sum / held.entries };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The root of the held-back ratings' variance about the mean of training. */
const ofMean = Math.sqrt(held.values!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / held.entries);

describe('a two-tower of ratings', () => {
  test('the epoch of the lowest error is kept, and its figures are those of the exported towers', async () => {
    const model = twoTower({
      ...towers(),
      userBias: true,
      userIdDropout: 0.1,
      loss: mse({ ...scale, regularization: 0.02 }),
    });
    const result = await run(model);
    const errors = result.epochs.map(({ metrics }) => metrics.rmse.value);
    expect(result.best).toEqual({
      epoch: 1 + errors.indexOf(Math.min(...errors)),
      value: Math.min(...errors),
    });
    const { rmse, mae } = result.epochs[result.best!.epoch - 1].metrics;
    const naive = await naiveErrors(result, 'vectors');
    expect(rmse.value).toBeCloseTo(naive.rmse, 4);
    expect(mae.value).toBeCloseTo(naive.mae, 4);
    expect(rmse.users).toBe(USERS);
    expect(rmse.value).toBeLessThan(0.6 * ofMean);
  });

  test('somebody without training rows has no id of their own, and is known by what else there is', async () => {
    const model = twoTower({ ...towers(), userBias: true, userIdDropout: 0.2, loss: mse(scale) });
    const { state } = await run(model, { epochs: 2 });
    const { values, dimensions } = state.tables['user/id'];
    expect(Array.from(values.subarray((USERS - 2) * dimensions))).toEqual(new Array(2 * dimensions).fill(0));
  });

  test('ratings and choices together: both are learned, and missing ratings have no part', async () => {
    const all = nextItems(histories, { first: true });
    const missing = { ...all, ratings: all.ratings!.map((rating, e) => (e % 3 === 0 ? NaN : rating)) };
    const model = twoTower({ ...towers(), rating: scale, loss: rated({ loss: sampledSoftmax() }) });
    const data = {
      histories,
      examples: missing,
      users: { categories: { sex: { codes: SEX, size: 2 } } },
    };
    const result = await run(model, {
      data,
      validation: { targets: held, metrics: ['ndcg@10', 'rmse', 'mae'] },
    });
    const { rmse, mae } = result.epochs[result.best!.epoch - 1].metrics;
    const naive = await naiveErrors(result, 'ratings');
    expect(rmse.value).toBeCloseTo(naive.rmse, 4);
    expect(mae.value).toBeCloseTo(naive.mae, 4);
    expect(rmse.value).toBeLessThan(0.8 * ofMean);
    expect(result.epochs.at(-1)!.loss).toBeLessThan(result.epochs[0].loss);
    const first = result.epochs[0].metrics;
    expect(Object.keys(first)).toEqual(['ndcg@10', 'rmse', 'mae']);
  });

  test('ratings of questions are those of who asks them', async () => {
    const model = twoTower({ ...towers(), userBias: true, loss: mse(scale) });
    // Every rating is a question of its own.
    const users = held.indices.map((_, entry) => held.indptr.findIndex((end) => end > entry) - 1);
    const targets = CsrMatrix.fromPairs(
      users.length,
      ITEMS,
      Array.from(users, (_, question) => question),
      Array.from(held.indices),
      held.values,
    );
    const figures = async (validation: Partial<ValidationOptions>) => {
      const metrics = ['rmse', 'mae'] as const;
      return (await run(model, { epochs: 1, validation: { targets: held, metrics, ...validation } }))
        .epochs[0].metrics;
    };
    const byUser = await figures({});
    const byQuestion = await figures({ targets, users });
    for (const metric of ['rmse', 'mae']) {
      expect(byQuestion[metric].value).toBeCloseTo(byUser[metric].value, 6);
      expect(byQuestion[metric].users).toBe(byUser[metric].users);
    }
    await expect(figures({ ratings: targets })).rejects.toMatchObject({ code: 'BAD_DATA' });
  });

  test('a missing rating is refused where every target must have one', async () => {
    const examples = nextItems(histories, { first: true });
    examples.ratings![7] = NaN;
    const model = twoTower({ ...towers(), userBias: true, loss: mse(scale) });
    await expect(run(model, { data: { histories, examples } })).rejects.toMatchObject({ code: 'BAD_DATA' });
  });

  test('a model that predicts no ratings cannot be watched by their error', async () => {
    await expect(run(twoTower(towers()))).rejects.toMatchObject({ code: 'NO_RATINGS' });
  });
});
