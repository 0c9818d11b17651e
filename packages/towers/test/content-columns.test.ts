import { beforeAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  gruTower,
  itemTower,
  mlpTower,
  rowContext,
  servingContext,
  twoTower,
  type Parameters,
} from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const D = 4;
const item = itemTower({ dimensions: D, content: { title: 6, plot: 5 } });
const user = gruTower({ dimensions: D });
const tensors = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );

beforeAll(() => tf.setBackend('cpu'));

test('a score gains the product of mapped content with the mean and the last of those had', () => {
  const rng = new Rng(3);
  const plain = twoTower({ item, user });
  const model = twoTower({ item, user, similarity: { title: 3, plot: 2 } });
  expect(model.dimensions).toBe(D + 5 + 1);
  const weights = tensors(model.init(new Rng(1)));
  for (const name of ['mean', 'last']) weights[`user.similarity.${name}`] = randomTensor([5], rng);
  const inputs = {
    id: randomTensor<tf.Tensor2D>([7, D], rng),
    title: randomTensor<tf.Tensor2D>([7, 6], rng),
    plot: randomTensor<tf.Tensor2D>([7, 5], rng),
    bias: randomTensor<tf.Tensor2D>([7, 1], rng),
  };
  const lengths = [3, 1];
  const rows = [
    [0, 4, 2],
    [5, 0, 0],
  ];
  const mask = tf.tensor2d(lengths.map((n) => [0, 1, 2].map((t) => (t < n ? 1 : 0))));
  const scores = (two: typeof model) => {
    const items = two.itemVectors(weights, inputs, rowContext());
    const history = tf.mul(
      tf.reshape(tf.gather(items, rows.flat()), [2, 3, two.dimensions]),
      tf.expandDims(mask, 2),
    );
    return tf.matMul(two.userVectors(weights, { history }, servingContext(mask)), items, false, true);
  };
  const mapped = tf
    .concat(
      [
        tf.matMul(inputs.title, weights['item.similarity.title'] as tf.Tensor2D),
        tf.matMul(inputs.plot, weights['item.similarity.plot'] as tf.Tensor2D),
      ],
      1,
    )
    .arraySync() as number[][];
  const [ofMean, ofLast] = ['mean', 'last'].map((name) => weights[`user.similarity.${name}`].dataSync());
  const gain = rows.map((row, u) =>
    mapped.map((x) =>
      x.reduce((sum, xi, i) => {
        const taste = row.slice(0, lengths[u]).reduce((total, at) => total + mapped[at][i], 0) / lengths[u];
        const last = mapped[row[lengths[u] - 1]][i];
        return sum + xi * (ofMean[i] * taste + ofLast[i] * last);
      }, 0),
    ),
  );
  expect(relativeError(scores(model), tf.add(scores(plain), tf.tensor2d(gain)))).toBeLessThan(1e-5);
});

test('begins from the similarity of contents, kept by a random projection', () => {
  const wide = itemTower({ dimensions: D, content: { title: 300 } });
  const model = twoTower({ item: wide, user, similarity: { title: 200 } });
  const kernel = tensors(model.init(new Rng(2)))['item.similarity.title'] as tf.Tensor2D;
  const x = randomTensor<tf.Tensor2D>([2, 300], new Rng(9));
  const unit = tf.div(x, tf.norm(x, 2, 1, true)) as tf.Tensor2D;
  const kept = tf
    .matMul(tf.matMul(unit, kernel), tf.matMul(unit, kernel), false, true)
    .arraySync() as number[][];
  const exact = tf.matMul(unit, unit, false, true).arraySync() as number[][];
  kept.forEach((row, i) =>
    row.forEach((value, j) => expect(Math.abs(value - exact[i][j])).toBeLessThan(0.3)),
  );
});

test('is refused where there is nothing to compare', () => {
  const bad = expect.objectContaining({ code: 'BAD_TOWER' });
  expect(() => twoTower({ item, user, similarity: { cover: 3 } })).toThrow(bad);
  expect(() => twoTower({ item, user, similarity: { id: 3 } })).toThrow(bad);
  expect(() => twoTower({ item, user, similarity: { title: 3 }, normalize: true })).toThrow(bad);
  const alone = mlpTower({ dimensions: D, inputs: { age: { kind: 'feature', of: 'age', dimensions: 1 } } });
  expect(() => twoTower({ item, user: alone, similarity: { title: 3 } })).toThrow(bad);
});

test('a feature that is mapped to its own width begins as it is, with the weight it is given', () => {
  const model = twoTower({
    item,
    user,
    similarity: { title: { dimensions: 6, weight: 5 }, plot: 2 },
  });
  const weights = tensors(model.init(new Rng(2)));
  expect(weights['item.similarity.title'].arraySync()).toEqual(tf.eye(6).arraySync());
  expect(Array.from(weights['user.similarity.last'].dataSync())).toEqual([5, 5, 5, 5, 5, 5, 2, 2]);
});

test('a profile: users are read from the features of their items, and items are scored as without', () => {
  const rng = new Rng(5);
  const profiled = mlpTower({
    dimensions: D,
    hidden: [7],
    inputs: { history: { kind: 'history', dimensions: 11 } },
  });
  const model = twoTower({ item, user: profiled, profile: ['plot', 'title'], similarity: { title: 6 } });
  expect(model.dimensions).toBe(D + 6 + 11 + 1);
  const weights = tensors(model.init(new Rng(1)));
  for (const name of ['mean', 'last']) weights[`user.similarity.${name}`] = tf.zeros([6]);
  const inputs = {
    id: randomTensor<tf.Tensor2D>([5, D], rng),
    title: randomTensor<tf.Tensor2D>([5, 6], rng),
    plot: randomTensor<tf.Tensor2D>([5, 5], rng),
    bias: randomTensor<tf.Tensor2D>([5, 1], rng),
  };
  const items = model.itemVectors(weights, inputs, rowContext());
  const history = tf.expandDims(tf.gather(items, [3, 1]), 0);
  const users = model.userVectors(weights, { history }, servingContext(tf.ones([1, 2])));
  const scores = tf.matMul(users, items, false, true);

  const mean = tf.mean(tf.gather(tf.concat([inputs.plot, inputs.title], 1), [3, 1]), 0, true) as tf.Tensor2D;
  const layer = (x: tf.Tensor2D, name: string) =>
    tf.add(tf.matMul(x, weights[`user.${name}.kernel`] as tf.Tensor2D), weights[`user.${name}.bias`]);
  const read = layer(tf.relu(layer(mean, 'layer0')) as tf.Tensor2D, 'layer1') as tf.Tensor2D;
  const plain = tf.slice(items, [0, 0], [5, D]);
  const expected = tf.add(tf.matMul(read, plain, false, true), tf.transpose(inputs.bias));
  expect(relativeError(scores, expected)).toBeLessThan(1e-5);
  const bad = expect.objectContaining({ code: 'BAD_TOWER' });
  expect(() => twoTower({ item, user: profiled, profile: ['cover'] })).toThrow(bad);
  expect(() => twoTower({ item, user: profiled, profile: ['plot'] })).toThrow(bad);
  expect(() => twoTower({ item, user: profiled })).toThrow(bad);
});
