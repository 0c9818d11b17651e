import { describe, expect, test } from '@jest/globals';
import { isTowerkitError, Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  attentionTower,
  dotHead,
  fusionHead,
  mlpTower,
  pairModel,
  rowContext,
  type PairHead,
  type PairModel,
  type Parameters,
} from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const tensors = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );

const count = (parameters: Parameters) =>
  Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);

const feature = (of: string, dimensions: number) => ({ kind: 'feature', of, dimensions }) as const;

/** The hybrid rating model: towers of 256, 128 and 64 over 449 and 448 values, fusion of 64 and 32. */
const hybrid = () => {
  const common = {
    dimensions: 64,
    hidden: [256, 128],
    dropout: [0, 0.3],
    activation: 'elu',
    output: 'elu',
  } as const;
  return pairModel({
    user: mlpTower({ ...common, inputs: { state: feature('state', 449) } }),
    item: mlpTower({ ...common, inputs: { product: feature('product', 448) } }),
    head: fusionHead(),
  });
};

const small = (head: PairHead): PairModel =>
  pairModel({
    user: mlpTower({ dimensions: 5, hidden: [7], inputs: { state: feature('state', 3) } }),
    item: mlpTower({ dimensions: 5, hidden: [7], inputs: { product: feature('product', 4) } }),
    head,
  });

const elu = (x: number) => (x > 0 ? x : Math.exp(x) - 1);

/** activation(x W + b) in plain loops. */
function layer(x: number[], parameters: Parameters, name: string, activation = (value: number) => value) {
  const { shape, data } = parameters[`${name}.kernel`];
  const bias = parameters[`${name}.bias`].data;
  return Array.from({ length: shape[1] }, (_, to) =>
    activation(x.reduce((sum, value, from) => sum + value * data[from * shape[1] + to], bias[to])),
  );
}

describe('the hybrid rating model', () => {
  test('has exactly 322,817 weights', () => {
    expect(count(hybrid().init(new Rng(1)))).toBe(322_817);
  });

  test('starts its rectified layers with a variance of 2 / fan in', () => {
    const { data } = hybrid().init(new Rng(1))['user.layer0.kernel'];
    const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
    expect(variance).toBeGreaterThan((0.95 * 2) / 449);
    expect(variance).toBeLessThan((1.05 * 2) / 449);
  });
});

describe('heads', () => {
  test('fusion is a perceptron over both vectors side by side', () => {
    const rng = new Rng(4);
    const head = fusionHead({ outputs: ['rating', 'choice'], hidden: [6, 4] });
    const parameters = head.init(5, rng);
    parameters['layer0.bias'].data.forEach((_, i, bias) => (bias[i] = rng.normal()));
    const [users, items] = [randomTensor<tf.Tensor2D>([3, 5], rng), randomTensor<tf.Tensor2D>([3, 5], rng)];
    const weights = tensors(parameters);
    const out = head.pairs(weights, users, head.prepare(weights, items), rowContext());
    const [u, v] = [users.arraySync(), items.arraySync()];
    for (let row = 0; row < 3; row++) {
      const first = layer([...u[row], ...v[row]], parameters, 'layer0', elu);
      const [rating, choice] = layer(layer(first, parameters, 'layer1', elu), parameters, 'out');
      expect(out.rating.arraySync()[row]).toBeCloseTo(rating, 5);
      expect(out.choice.arraySync()[row]).toBeCloseTo(choice, 5);
    }
  });

  test('dot gives straight lines of one product', () => {
    const rng = new Rng(5);
    const head = dotHead({ outputs: ['rating'] });
    const parameters = head.init(5, rng);
    parameters['rating.scale'].data[0] = 3;
    parameters['rating.bias'].data[0] = -1;
    const [users, items] = [randomTensor<tf.Tensor2D>([2, 5], rng), randomTensor<tf.Tensor2D>([2, 5], rng)];
    const weights = tensors(parameters);
    const { rating } = head.pairs(weights, users, head.prepare(weights, items), rowContext());
    const [u, v] = [users.arraySync(), items.arraySync()];
    rating
      .arraySync()
      .forEach((value, row) =>
        expect(value).toBeCloseTo(3 * u[row].reduce((sum, x, c) => sum + x * v[row][c], 0) - 1, 5),
      );
  });

  test.each([
    ['fusion', fusionHead({ outputs: ['rating', 'choice'], hidden: [6, 4] })],
    ['dot', dotHead({ outputs: ['rating', 'choice'] })],
  ])('%s says of every user with every item what it says of the pairs', (_, head) => {
    const rng = new Rng(6);
    const model = small(head);
    const weights = tensors(model.init(rng));
    const users = model.userVectors(weights, { state: randomTensor([3, 3], rng) }, rowContext());
    const items = model.itemVectors(weights, { product: randomTensor([4, 4], rng) }, rowContext());
    const prepared = model.prepare(weights, items);
    expect(prepared.shape).toEqual([4, model.preparedDimensions]);
    const cross = model.cross(weights, users, prepared);
    const left = tf.gather(users, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    const right = tf.gather(prepared, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    const pairs = model.pairs(weights, left, right, rowContext());
    for (const name of model.outputs)
      expect(relativeError(tf.reshape(cross[name], [12]), pairs[name])).toBeLessThan(1e-5);
  });

  test('from zero, a fusion head says nothing at first', () => {
    const model = small(fusionHead({ fromZero: true }));
    const rng = new Rng(7);
    const weights = tensors(model.init(rng));
    const users = model.userVectors(weights, { state: randomTensor([3, 3], rng) }, rowContext());
    const items = model.itemVectors(weights, { product: randomTensor([2, 4], rng) }, rowContext());
    const { rating } = model.cross(weights, users, model.prepare(weights, items));
    expect([...rating.dataSync()]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('attention over a set', () => {
  const tower = attentionTower({
    dimensions: 2,
    hidden: [],
    inputs: { state: feature('state', 1) },
    set: { of: 'reviews', length: 3, dimensions: 2 },
    attention: 4,
  });
  const reviews = tf.tensor2d([
    [1, 0, 0, 2, 9, 9],
    [0, 0, 0, 0, 0, 0],
  ]);
  const given = {
    state: tf.zeros([2, 1]),
    reviews,
    reviewsMask: tf.tensor2d([
      [1, 1, 0],
      [0, 0, 0],
    ]),
  };
  /** The tower as it stands, but for a last layer that hands the summary on. */
  function plain(): Parameters {
    const parameters = tower.init(new Rng(8));
    parameters['layer0.kernel'].data.set([0, 0, 1, 0, 0, 1]);
    return parameters;
  }

  test('begins as the mean of those that are there, zeros for none', () => {
    const out = tower.apply(tensors(plain()), given, rowContext()).arraySync();
    expect(out[0][0]).toBeCloseTo(0.5, 6);
    expect(out[0][1]).toBeCloseTo(1, 6);
    expect(out[1]).toEqual([0, 0]);
  });

  test('weighs by the softmax of what the query makes of each', () => {
    const parameters = plain();
    const rng = new Rng(9);
    parameters['attention.query'].data.forEach((_, i, query) => (query[i] = rng.normal()));
    const { data: kernel } = parameters['attention.kernel'];
    const { data: query } = parameters['attention.query'];
    const logit = (x: readonly number[]) =>
      [0, 1, 2, 3].reduce((sum, h) => sum + query[h] * Math.tanh(x[0] * kernel[h] + x[1] * kernel[4 + h]), 0);
    const [a, b] = [Math.exp(logit([1, 0])), Math.exp(logit([0, 2]))];
    const [[first, second]] = tower.apply(tensors(parameters), given, rowContext()).arraySync();
    expect(first).toBeCloseTo(a / (a + b), 5);
    expect(second).toBeCloseTo((2 * b) / (a + b), 5);
  });
});

test.each([
  [
    'towers of two widths',
    () =>
      pairModel({
        user: mlpTower({ dimensions: 3, inputs: { a: feature('a', 1) } }),
        item: mlpTower({ dimensions: 4, inputs: { a: feature('a', 1) } }),
        head: dotHead(),
      }),
  ],
  ['a head without outputs', () => fusionHead({ outputs: [] })],
  ['a dot head without outputs', () => dotHead({ outputs: [] })],
  [
    'another number of dropout rates than layers',
    () => mlpTower({ hidden: [2, 2], dropout: [0.1], inputs: { a: feature('a', 1) } }),
  ],
  [
    'an input named like the set',
    () =>
      attentionTower({
        inputs: { reviews: feature('reviews', 2) },
        set: { of: 'reviews', length: 1, dimensions: 2 },
      }),
  ],
])('%s is refused', (_, make) => {
  let error: unknown;
  try {
    make();
  } catch (thrown) {
    error = thrown;
  }
  expect(isTowerkitError(error, 'BAD_TOWER')).toBe(true);
});
