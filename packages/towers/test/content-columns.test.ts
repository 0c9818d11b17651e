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
