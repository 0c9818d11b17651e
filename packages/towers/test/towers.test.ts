import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  defineTower,
  gatedTower,
  gruTower,
  itemTower,
  mlpTower,
  prefixMean,
  rowContext,
  servingContext,
  trainingContext,
  twoTower,
  type Parameters,
  type Tower,
} from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const tensors = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );

const noRandom = {
  dropoutMask: (shape: readonly number[]) => tf.ones([...shape]),
  uniform: (shape: readonly number[]) => tf.zeros([...shape]),
  normal: (shape: readonly number[]) => tf.zeros([...shape]),
};

const D = 4;
const STEPS = 5;

/** The smallest tower of the docs: a variant is one object. */
const meanTower = (dimensions: number) =>
  defineTower({
    name: 'mean',
    dimensions,
    inputs: { history: { kind: 'history', dimensions } },
    init: () => ({}),
    apply: (_, inputs, context) => prefixMean(inputs.history, context),
  });

const USER_TOWERS: [string, Tower][] = [
  ['gru', gruTower({ dimensions: D, dropout: 0.5 })],
  ['gru with activity', gruTower({ dimensions: D, activity: true })],
  [
    'gru with mean, id and features',
    gruTower({ dimensions: D, units: 6, mean: true, id: 3, features: { age: 2 } }),
  ],
  [
    'mlp',
    mlpTower({
      dimensions: D,
      inputs: {
        history: { kind: 'history', dimensions: D },
        age: { kind: 'feature', of: 'age', dimensions: 2 },
      },
      hidden: [8],
      activation: 'gelu',
    }),
  ],
  [
    'gated',
    gatedTower({
      dimensions: D,
      units: 6,
      inputs: {
        history: { kind: 'history', dimensions: D },
        id: { kind: 'embedding', of: 'id', dimensions: D },
        age: { kind: 'feature', of: 'age', dimensions: 2 },
      },
    }),
  ],
  ['a tower of one file', meanTower(D)],
];

describe('towers', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each(USER_TOWERS)('%s: what a position learns is what serving answers for that prefix', (_, tower) => {
    const rng = new Rng(4);
    const weights = tensors(tower.init(rng));
    for (const name of Object.keys(weights)) weights[name] = randomTensor(weights[name].shape, rng, 0.5);
    const lengths = [5, 2, 1];
    const history = randomTensor<tf.Tensor3D>([3, STEPS, D], rng);
    const perUser = Object.fromEntries(
      Object.entries(tower.inputs).flatMap(([name, input]) =>
        input.kind === 'history' ? [] : [[name, randomTensor<tf.Tensor2D>([3, input.dimensions], rng)]],
      ),
    );
    const places = lengths.flatMap((length, user) => Array.from({ length }, (_, t) => ({ user, t })));
    const context = trainingContext(
      tf.tensor1d(
        places.map(({ user, t }) => user * STEPS + t),
        'int32',
      ),
      tf.tensor1d(
        places.map(({ user }) => user),
        'int32',
      ),
      tf.tensor1d(places.map(({ t }) => t + 1)),
      noRandom,
    );
    const trained = tower.apply(weights, { ...perUser, history }, context);
    expect(trained.shape).toEqual([places.length, D]);

    places.forEach(({ user, t }, row) => {
      const mask = tf.tensor2d([Array.from({ length: STEPS }, (_, at) => (at <= t ? 1 : 0))]);
      const own = Object.fromEntries(
        Object.entries(perUser).map(([name, x]) => [name, tf.slice(x, [user, 0], [1, x.shape[1]])]),
      );
      const seen = tf.mul(tf.slice(history, [user, 0, 0], [1, STEPS, D]), tf.expandDims(mask, 2));
      const served = tower.apply(weights, { ...own, history: seen }, servingContext(mask));
      expect(relativeError(served, tf.slice(trained, [row, 0], [1, D]))).toBeLessThan(1e-5);
    });
  });

  test('an item is the sum of its parts, and its own vector alone without others', () => {
    const rng = new Rng(1);
    const id = randomTensor<tf.Tensor2D>([3, D], rng);
    expect(itemTower({ dimensions: D }).apply({}, { id }, rowContext())).toBe(id);

    const tower = itemTower({
      dimensions: D,
      categories: { brand: 2 },
      numeric: { price: 1 },
      content: { title: 6 },
    });
    const weights = tensors(tower.init(rng));
    const given = {
      id,
      brand: randomTensor<tf.Tensor2D>([3, 2], rng),
      price: randomTensor<tf.Tensor2D>([3, 1], rng),
      title: randomTensor<tf.Tensor2D>([3, 6], rng),
    };
    const expected = ['brand', 'price', 'title'].reduce<tf.Tensor>(
      (sum, name) => tf.add(sum, tf.matMul(given[name as 'title'], weights[`${name}.kernel`] as tf.Tensor2D)),
      tf.add(id, weights.bias),
    );
    expect(relativeError(tower.apply(weights, given, rowContext()), expected)).toBeLessThan(1e-6);
  });

  test('featureScale makes the maps of features smaller at the start, and nothing else', () => {
    const numeric = { price: 2, size: 1 };
    const [full, tenth] = [1, 0.1].map((featureScale) =>
      itemTower({ dimensions: D, numeric, featureScale }).init(new Rng(4)),
    );
    for (const [name, { data }] of Object.entries(full))
      data.forEach((value, i) => expect(tenth[name].data[i]).toBeCloseTo(value / 10, 6));
    expect(tenth['price.kernel'].data.some((value) => value !== 0)).toBe(true);
  });

  test('the score is one dot product: bias rides in a column, cosine in the length', () => {
    const rng = new Rng(8);
    const model = twoTower({ item: itemTower({ dimensions: D }), user: meanTower(D) });
    const id = randomTensor<tf.Tensor2D>([6, D], rng);
    const bias = randomTensor<tf.Tensor2D>([6, 1], rng);
    const items = model.itemVectors({}, { id, bias }, rowContext());
    expect(items.shape).toEqual([6, D + 1]);
    const history = tf.reshape(tf.gather(items, [0, 1]), [1, 2, D + 1]);
    const user = model.userVectors({}, { history }, servingContext(tf.tensor2d([[1, 1]])));
    const plain = tf.add(
      tf.matMul(tf.mean(tf.gather(id, [0, 1]), 0, true) as tf.Tensor2D, id, false, true),
      tf.transpose(bias),
    );
    expect(relativeError(tf.matMul(user, items, false, true), plain)).toBeLessThan(1e-6);

    const cosine = twoTower({ item: itemTower({ dimensions: D }), user: meanTower(D), normalize: true });
    const lengths = tf.norm(cosine.itemVectors({}, { id }, rowContext()), 2, 1).arraySync() as number[];
    for (const length of lengths) expect(length).toBeCloseTo(1, 5);
  });

  test('towers that do not fit together are refused', () => {
    const item = itemTower({ dimensions: 4 });
    const bad = expect.objectContaining({ code: 'BAD_TOWER' });
    expect(() => twoTower({ item, user: meanTower(5) })).toThrow(bad);
    expect(() => twoTower({ item, user: meanTower(4), normalize: true, bias: true })).toThrow(bad);
    expect(() => twoTower({ item: meanTower(4), user: meanTower(4) })).toThrow(bad);
    expect(() => itemTower({ id: false })).toThrow(bad);
    expect(() => itemTower({ numeric: { price: 1 }, featureScale: -1 })).toThrow(bad);
    expect(() => mlpTower({ inputs: {} })).toThrow(bad);
    expect(() => rowContext().seen).toThrow(expect.objectContaining({ code: 'NO_HISTORY' }));
  });
});

test('the gradient of the prefix mean equals finite differences', async () => {
  await tf.setBackend('cpu');
  const rng = new Rng(6);
  const history = randomTensor<tf.Tensor3D>([2, 3, 2], rng);
  const places = [0, 1, 2, 3, 4];
  const context = trainingContext(
    tf.tensor1d(places, 'int32'),
    tf.tensor1d([0, 0, 0, 1, 1], 'int32'),
    tf.tensor1d([1, 2, 3, 1, 2]),
    noRandom,
  );
  const weight = randomTensor([places.length, 2], rng);
  const f = (x: tf.Tensor) => tf.sum(tf.mul(prefixMean(x as tf.Tensor3D, context, 0.5), weight)) as tf.Scalar;
  const values = history.dataSync();
  const expected = Array.from(values, (_, i) => {
    const at = (delta: number) =>
      f(
        tf.tensor(
          values.map((x, j) => (j === i ? x + delta : x)),
          history.shape,
        ),
      ).dataSync()[0];
    return (at(1e-2) - at(-1e-2)) / 2e-2;
  });
  expect(relativeError(tf.grad(f)(history), tf.tensor(expected, history.shape))).toBeLessThan(1e-3);
});

test('the default user tower is the better one: a GRU with the mean', () => {
  const tower = gruTower();
  expect(tower.dimensions).toBe(64);
  expect(tower.settings).toEqual({ units: 64, dropout: 0.4, mean: true });
  expect(Object.keys(tower.init(new Rng(1)))).toContain('mean.kernel');
  expect(Object.keys(gruTower({ mean: false }).init(new Rng(1)))).not.toContain('mean.kernel');
});

test('activity adds the log of how many items a position has seen, through a linear map', () => {
  const rng = new Rng(3);
  const tower = gruTower({ dimensions: D, activity: true });
  const weights = tensors(tower.init(rng));
  const history = randomTensor<tf.Tensor3D>([2, STEPS, D], rng);
  const mask = tf.tensor2d([1, STEPS].map((seen) => Array.from({ length: STEPS }, (_, t) => +(t < seen))));
  const context = servingContext(mask);
  const without = gruTower({ dimensions: D }).apply(weights, { history }, context);
  const added = tf.sub(tower.apply(weights, { history }, context), without);
  const kernel = weights['activity.kernel'].dataSync();
  const expected = [1, STEPS].map((seen) => Array.from(kernel, (w) => Math.log(1 + seen) * w));
  expect(relativeError(added, tf.tensor(expected))).toBeLessThan(1e-5);
  const reads = { activity: { kind: 'feature', of: 'age', dimensions: 1 } } as const;
  expect(() => gruTower({ dimensions: D, activity: true, inputs: reads })).toThrow(/its own activity/);
  expect(gruTower({ dimensions: D, inputs: reads }).inputs).toHaveProperty('activity');
  const gated = gatedTower({
    dimensions: D,
    activity: true,
    inputs: { history: { kind: 'history', dimensions: D } },
  });
  expect(gated.gates?.names).toEqual(['order', 'taste', 'activity']);
});
