import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  itemTower,
  mse,
  rated,
  rowContext,
  sampledSoftmax,
  servingContext,
  sumTower,
  twoTower,
  type LossBatch,
  type Parameters,
  type TwoTower,
} from '../src/index.js';

const D = 3;
const USERS = 4;
const ITEMS = 5;
const rng = new Rng(5);

beforeAll(() => tf.setBackend('cpu'));

const tensors = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );
const random = (rows: number, columns: number) =>
  tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => rng.normal()),
    [rows, columns],
  );
const inputsOf = (inputs: TwoTower['itemInputs'], rows: number) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, { dimensions }]) => [name, random(rows, dimensions)]),
  );
const rowsOf = (x: tf.Tensor) => x.arraySync() as number[][];
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, d) => sum + x * b[d], 0);

const userTower = () =>
  sumTower({
    dimensions: D,
    inputs: {
      id: { kind: 'embedding', of: 'id', dimensions: D },
      age: { kind: 'embedding', of: 'age', dimensions: 2 },
    },
  });

/** Vectors of a model on random inputs and weights. */
function ask(model: TwoTower) {
  const parameters = tensors(model.init(rng.fork('weights')));
  const items = inputsOf(model.itemInputs, ITEMS);
  const users = inputsOf(model.userInputs, USERS);
  const context = servingContext(tf.ones([USERS, 1]));
  const { vectors, ratings } = model.userQueries(parameters, users, context);
  return {
    ...{ parameters, items, users, vectors: rowsOf(vectors) },
    ratings: ratings && rowsOf(ratings),
    candidates: rowsOf(model.itemVectors(parameters, items, rowContext())),
  };
}

describe('a user bias', () => {
  test('a score is the product of the towers, plus the bias of the item, plus that of the user', () => {
    const model = twoTower({ item: itemTower({ dimensions: D }), user: userTower(), userBias: true });
    const { parameters, items, users, vectors, candidates } = ask(model);
    expect(model.dimensions).toBe(D + 2);
    const kernel = rowsOf(parameters['user.age.kernel']);
    const [ids, ages] = [rowsOf(users.id), rowsOf(users.age)];
    for (let u = 0; u < USERS; u++)
      for (let i = 0; i < ITEMS; i++) {
        const user = ids[u].map((x, d) => x + ages[u][0] * kernel[0][d] + ages[u][1] * kernel[1][d]);
        const expected = dot(user, rowsOf(items.id)[i]) + rowsOf(items.bias)[i][0] + rowsOf(users.bias)[u][0];
        expect(dot(vectors[u], candidates[i])).toBeCloseTo(expected, 4);
      }
  });

  test('without ids, a share of the users is seen by what else is known', () => {
    const model = twoTower({
      item: itemTower({ dimensions: D }),
      user: userTower(),
      userBias: true,
      userIdDropout: 0.5,
    });
    const parameters = tensors(model.init(rng.fork('weights')));
    const users = inputsOf(model.userInputs, USERS);
    const keep = tf.tensor2d([1, 0, 1, 0], [USERS, 1]);
    const drops = { ...servingContext(tf.ones([USERS, 1])), training: true };
    const context = {
      ...drops,
      dropout: <T extends tf.Tensor>(x: T, rate: number) => (rate > 0 ? tf.mul(x, tf.mul(keep, 2)) : x) as T,
    };
    const seen = rowsOf(model.userVectors(parameters, users, context));
    const known = { ...users, id: tf.mul(users.id, keep), bias: tf.mul(users.bias, keep) };
    const expected = rowsOf(model.userVectors(parameters, known, servingContext(tf.ones([USERS, 1]))));
    seen.forEach((row, user) => row.forEach((x, d) => expect(x).toBeCloseTo(expected[user][d], 5)));
    expect(seen[1][D + 1]).toBe(0);
  });
});

describe('a rating head', () => {
  test('choices and ratings ask the same item vectors, each with its own biases', () => {
    const model = twoTower({
      item: itemTower({ dimensions: D }),
      user: userTower(),
      rating: { offset: 3, range: [1, 5] },
      loss: rated({ loss: sampledSoftmax() }),
    });
    const { parameters, items, users, vectors, ratings, candidates } = ask(model);
    const plain = twoTower({ item: itemTower({ dimensions: D }), user: userTower() });
    const context = servingContext(tf.ones([USERS, 1]));
    const choosing = rowsOf(plain.userVectors(parameters, users, context));
    const chosen = rowsOf(plain.itemVectors(parameters, { id: items.id, bias: items.bias }, rowContext()));
    const kernel = rowsOf(parameters['user.rating.kernel']);
    for (let u = 0; u < USERS; u++)
      for (let i = 0; i < ITEMS; i++) {
        expect(dot(vectors[u], candidates[i])).toBeCloseTo(dot(choosing[u], chosen[i]), 4);
        const mapped = kernel[0].map((_, d) =>
          dot(
            choosing[u].slice(0, D),
            kernel.map((row) => row[d]),
          ),
        );
        const expected =
          dot(mapped, rowsOf(items.id)[i]) + rowsOf(items.rating_bias)[i][0] + rowsOf(users.bias)[u][0];
        expect(dot(ratings![u], candidates[i])).toBeCloseTo(expected, 4);
      }
    expect(model.rating?.scale).toEqual({ offset: 3, range: [1, 5] });
  });

  test('what makes no sense is refused', () => {
    const towers = { item: itemTower({ dimensions: D }), user: userTower() };
    const code = (code: string) => expect.objectContaining({ code });
    expect(() => twoTower({ ...towers, normalize: true, userBias: true })).toThrow(code('BAD_TOWER'));
    expect(() => twoTower({ ...towers, userIdDropout: 1 })).toThrow(code('BAD_TOWER'));
    expect(() => twoTower({ ...towers, rating: { offset: NaN } })).toThrow(code('BAD_OPTION'));
    const unknown = sumTower({
      dimensions: D,
      inputs: { age: { kind: 'feature', of: 'age', dimensions: 2 } },
    });
    expect(() => twoTower({ ...towers, user: unknown, userIdDropout: 0.1 })).toThrow(code('BAD_TOWER'));
    expect(() => sumTower({ inputs: {} })).toThrow(code('BAD_TOWER'));
    expect(() =>
      sumTower({ dimensions: 4, inputs: { id: { kind: 'embedding', of: 'id', dimensions: 3 } } }),
    ).toThrow(code('BAD_TOWER'));
  });
});

describe('losses of ratings', () => {
  const batch: LossBatch = {
    users: tf.tensor2d([1, 2, 0.5, 1], [2, 2]),
    candidates: tf.tensor2d([1, 1, -1, 2, 0, 3], [3, 2]),
    positives: tf.tensor1d([1, 2], 'int32'),
    logQ: tf.tensor1d([0, 0, 0]),
    ratings: tf.tensor1d([4, 5]),
  };

  test('mse: the squared error, and the squared lengths of both vectors', () => {
    const loss = mse({ offset: 2, regularization: 0.1 });
    // Scores 3 and 3 read as 5 and 5; |u|^2 + |i|^2 = 5 + 5 and 1.25 + 9.
    const expected = [1 + 0.1 * 10, 0 + 0.1 * 10.25];
    loss
      .apply(batch)
      .arraySync()
      .forEach((x, p) => expect(x).toBeCloseTo(expected[p], 5));
    // With the last column a bias, a tenth of it: 1 + 1 + .1 * (4 + 4) and .25 + 0 + .1 * (1 + 9).
    const biased = [1 + 0.1 * 2.8, 0 + 0.1 * 1.25];
    const apart = loss.apply({ ...batch, biasColumns: 1 }).arraySync();
    apart.forEach((x, p) => expect(x).toBeCloseTo(biased[p], 5));
    expect(loss.rating).toEqual({ offset: 2 });
  });

  test('rated: what is not rated has no part in the error of ratings', () => {
    const loss = rated({ loss: sampledSoftmax(), weight: 2 });
    const own = sampledSoftmax().apply(batch).arraySync();
    const given = { ...batch, predictedRatings: tf.tensor1d([3, 3]), isRated: tf.tensor1d([1, 0]) };
    const found = loss.apply(given).arraySync();
    expect(found[0]).toBeCloseTo(own[0] + 2, 5);
    expect(found[1]).toBeCloseTo(own[1], 5);
  });

  test('what makes no sense is refused', () => {
    const code = (code: string) => expect.objectContaining({ code });
    expect(() => mse({ regularization: -1 })).toThrow(code('BAD_OPTION'));
    expect(() => mse({ range: [5, 1] })).toThrow(code('BAD_OPTION'));
    expect(() => rated({ loss: sampledSoftmax(), weight: 0 })).toThrow(code('BAD_OPTION'));
    expect(() => rated({ loss: sampledSoftmax() }).apply(batch)).toThrow(code('NO_RATINGS'));
  });
});
