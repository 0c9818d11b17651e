import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs';

import {
  gatedTower,
  gruTower,
  mlpTower,
  rowContext,
  servingContext,
  trainingContext,
  twoTower,
  itemTower,
  type MlpTowerOptions,
  type Parameters,
  type TowerInput,
} from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

type Row = number[];
type Weights = Record<string, tf.Tensor>;

const INPUTS = {
  id: { kind: 'embedding', of: 'id', dimensions: 3 },
  price: { kind: 'feature', of: 'price', dimensions: 2 },
} as const satisfies Record<string, TowerInput>;

const randomWeights = (parameters: Parameters, rng: Rng): Weights =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => {
      const x = randomTensor([...shape], rng, 0.5);
      return [name, name.endsWith('.variance') ? tf.add(tf.abs(x), 0.1) : x];
    }),
  );

/** Rows times a matrix, plus a vector: plain loops. */
function times(rows: Row[], kernel: tf.Tensor, bias?: tf.Tensor): Row[] {
  const k = kernel.arraySync() as number[][];
  const b = bias ? (bias.arraySync() as number[]) : undefined;
  return rows.map((row) =>
    k[0].map((_, j) => row.reduce((sum, x, i) => sum + x * k[i][j], 0) + (b ? b[j] : 0)),
  );
}

/** Mean and variance of each list. */
const moments = (lists: Row[]) =>
  lists.map((list) => {
    const mean = list.reduce((a, b) => a + b) / list.length;
    return { mean, variance: list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length };
  });

const columns = (rows: Row[]): Row[] => rows[0].map((_, j) => rows.map((row) => row[j]));
const elu = (x: number) => (x > 0 ? x : Math.expm1(x));

/** The tower of the test as its docstring says it, one number at a time. */
function naive(options: MlpTowerOptions, w: Weights, given: Record<string, Row[]>, batch: boolean): Row[] {
  const { hidden = [128], norm, residual, crosses, pairs } = options;
  const values = (name: string) => w[name].arraySync() as number[];
  const x = given.id.map((row, r) => [...row, ...given.price[r]]);
  let crossed = x;
  for (let layer = 0; layer < (crosses?.layers ?? 0); layer++) {
    const name = `cross${layer}`;
    const kernel =
      w[`${name}.kernel`] ?? tf.matMul(w[`${name}.down`] as tf.Tensor2D, w[`${name}.up`] as tf.Tensor2D);
    const mapped = times(crossed, kernel, w[`${name}.bias`]);
    crossed = crossed.map((row, r) => row.map((value, j) => x[r][j] * mapped[r][j] + value));
  }
  let h = crosses?.structure === 'parallel' ? x : crossed;
  hidden.forEach((_, layer) => {
    const name = `layer${layer}`;
    let out = times(h, w[`${name}.kernel`], w[`${name}.bias`]);
    if (norm) {
      const running = norm === 'batch' && !batch;
      const [scale, shift] = [values(`${name}.norm.scale`), values(`${name}.norm.shift`)];
      const found = norm === 'layer' ? moments(out) : moments(columns(out));
      out = out.map((row, r) =>
        row.map((value, j) => {
          const { mean, variance } = running
            ? { mean: values(`${name}.norm.mean`)[j], variance: values(`${name}.norm.variance`)[j] }
            : found[norm === 'layer' ? r : j];
          return ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[j] + shift[j];
        }),
      );
    }
    out = out.map((row) => row.map(elu));
    const shortcut = w[`${name}.shortcut`];
    const added = residual ? (shortcut ? times(h, shortcut) : h) : undefined;
    h = added ? out.map((row, r) => row.map((value, j) => value + added[r][j])) : out;
  });
  let ends = crosses?.structure === 'parallel' ? h.map((row, r) => [...row, ...crossed[r]]) : h;
  if (pairs !== undefined) {
    const [id, price] = [times(given.id, w['pairs.id']), times(given.price, w['pairs.price'])];
    ends = ends.map((row, r) => [...row, ...id[r].map((value, j) => value * price[r][j])]);
  }
  return times(ends, w[`layer${hidden.length}.kernel`], w[`layer${hidden.length}.bias`]);
}

const VARIANTS: [string, Partial<MlpTowerOptions>][] = [
  ['layer norm', { norm: 'layer' }],
  ['batch norm', { norm: 'batch' }],
  ['residuals', { residual: true }],
  ['crosses of full rank', { crosses: { layers: 2 } }],
  ['crosses of rank 2, in parallel', { crosses: { layers: 3, rank: 2, structure: 'parallel' } }],
  ['pairs', { pairs: 4 }],
  ['crosses alone', { hidden: [], crosses: { layers: 1 } }],
  [
    'all of it',
    { norm: 'batch', residual: true, pairs: 4, crosses: { layers: 2, rank: 1, structure: 'parallel' } },
  ],
];

describe.each(VARIANTS)('an MLP tower with %s', (_, variant) => {
  const options = {
    inputs: INPUTS,
    dimensions: 3,
    hidden: [5, 5, 4],
    activation: 'elu' as const,
    ...variant,
  };
  const tower = mlpTower(options);
  const rng = new Rng(5);
  const w = randomWeights(tower.init(rng), rng);
  const given = { id: randomTensor<tf.Tensor2D>([6, 3], rng), price: randomTensor<tf.Tensor2D>([6, 2], rng) };
  const rows = { id: given.id.arraySync(), price: given.price.arraySync() };

  test.each(['onnx', 'tfjs'] as const)('is what plain loops give, on the %s engine', async (kind) => {
    const engine = await createEngine({ kind, threads: 1, backend: 'cpu' });
    const names = Object.keys(w);
    const values = Object.fromEntries(names.map((name) => [name, w[name].dataSync() as Float32Array]));
    const compiled = await engine.compile(
      ({ id, price, ...weights }) => {
        const present = tf.tensor1d([1, 1, 1, 1, 0, 0]);
        const batch = { present, keep: () => undefined };
        const trained = tower.apply(weights, { id, price }, { ...servingContext(tf.ones([1, 1])), batch });
        return { served: tower.apply(weights, { id, price }, rowContext()), trained };
      },
      {
        inputs: {
          ...Object.fromEntries(names.map((name) => [name, { shape: w[name].shape }])),
          id: { shape: [6, 3] },
          price: { shape: [6, 2] },
        },
      },
    );
    const feeds = { ...values, id: given.id.dataSync(), price: given.price.dataSync() } as Record<
      string,
      Float32Array
    >;
    const { served, trained } = (await compiled.run(feeds)).outputs;
    const serving = tf.tensor2d(served as Float32Array, [6, 3]);
    expect(relativeError(serving, tf.tensor2d(naive(options, w, rows, false)))).toBeLessThan(1e-4);
    // The batch has four rows: what stands in the padding does not count.
    const first = { id: rows.id.slice(0, 4), price: rows.price.slice(0, 4) };
    const training = tf.slice(tf.tensor2d(trained as Float32Array, [6, 3]), 0, 4);
    expect(relativeError(training, tf.tensor2d(naive(options, w, first, true)))).toBeLessThan(1e-4);
    await engine.dispose();
  });
});

describe('the options of an MLP tower', () => {
  test('activations and dropout go around the norm', async () => {
    await tf.setBackend('cpu');
    const tower = mlpTower({ inputs: INPUTS, hidden: [4], norm: 'layer', activation: 'relu', dropout: 0.5 });
    const rng = new Rng(2);
    const asked: [readonly number[], number][] = [];
    const context = rowContext({
      dropoutMask: (shape, rate) => (asked.push([shape, rate]), tf.zeros([...shape])),
      uniform: (shape) => tf.zeros([...shape]),
      normal: (shape) => tf.zeros([...shape]),
    });
    const w = randomWeights(tower.init(rng), rng);
    const out = tower.apply(w, { id: tf.ones([2, 3]), price: tf.ones([2, 2]) }, context);
    expect(asked).toEqual([[[2, 4], 0.5]]);
    expect(relativeError(out, tf.tile(tf.expandDims(w['layer1.bias'], 0), [2, 1]))).toBeLessThan(1e-6);
  });

  test('fresh batch norm statistics are not trained, and start from 0 and 1', () => {
    const parameters = mlpTower({ inputs: INPUTS, hidden: [4], norm: 'batch' }).init(new Rng(1));
    const untrained = Object.keys(parameters).filter((name) => parameters[name].trained === false);
    expect(untrained).toEqual(['layer0.norm.mean', 'layer0.norm.variance']);
    expect(Array.from(parameters['layer0.norm.variance'].data)).toEqual([1, 1, 1, 1]);
  });

  test.each<[string, Partial<MlpTowerOptions>]>([
    ['a width of 0', { hidden: [8, 0] }],
    ['a width that is no number', { hidden: [NaN] }],
    ['a dropout of 1', { dropout: 1 }],
    ['a dropout below 0', { dropout: [-0.1] }],
    ['no cross layer', { crosses: { layers: 0 } }],
    ['a rank of one and a half', { crosses: { layers: 1, rank: 1.5 } }],
    ['pairs of a single input', { pairs: 4, inputs: { id: INPUTS.id } }],
    ['a norm that is none', { norm: 'group' as 'layer' }],
  ])('%s is refused', (_, options) => {
    expect(() => mlpTower({ inputs: INPUTS, ...options })).toThrow(
      expect.objectContaining({ code: 'BAD_TOWER' }),
    );
  });
});

describe('users by their features and moments', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const inputs: Record<string, TowerInput> = {
    age: { kind: 'feature', of: 'age', dimensions: 2 },
    device: { kind: 'embedding', of: 'device', dimensions: 3, at: 'moment' },
  };
  const history = { kind: 'history', dimensions: 4 } as const;
  const towers = {
    gru: gruTower({ dimensions: 4, inputs }),
    gated: gatedTower({ dimensions: 4, inputs: { ...inputs, history } }),
    mlp: mlpTower({
      dimensions: 4,
      inputs: { ...inputs, history },
      norm: 'layer',
      crosses: { layers: 1 },
      pairs: 3,
    }),
  };

  test.each(Object.entries(towers))('%s: each position reads its own moment, and its user', (_, user) => {
    const model = twoTower({ item: itemTower({ dimensions: 4 }), user, bias: false });
    const rng = new Rng(3);
    const w = randomWeights(model.init(rng), rng);
    const items = randomTensor<tf.Tensor3D>([2, 2, 4], rng);
    const age = randomTensor<tf.Tensor2D>([2, 2], rng);
    const device = randomTensor<tf.Tensor2D>([3, 3], rng);
    const places = [0, 1, 2]; // both of user 0, the first of user 1
    const context = trainingContext(
      tf.tensor1d(places, 'int32'),
      tf.tensor1d([0, 0, 1], 'int32'),
      tf.tensor1d([1, 2, 1]),
      {
        dropoutMask: (s) => tf.ones([...s]),
        uniform: (s) => tf.zeros([...s]),
        normal: (s) => tf.zeros([...s]),
      },
    );
    const trained = model.userVectors(w, { history: items, age, device }, context);
    places.forEach((place, row) => {
      const who = Math.floor(place / 2);
      const mask = tf.tensor2d([[1, place % 2]]);
      const own = {
        history: tf.mul(tf.slice(items, [who, 0, 0], [1, 2, 4]), tf.expandDims(mask, 2)),
        age: tf.slice(age, [who, 0], [1, 2]),
        device: tf.slice(device, [row, 0], [1, 3]),
      };
      const served = model.userVectors(w, own, servingContext(mask));
      expect(relativeError(served, tf.slice(trained, [row, 0], [1, 4]))).toBeLessThan(1e-5);
    });
  });

  test('momentDropout: examples that are drawn are seen without their moment, and nothing else of them changes', () => {
    const user = mlpTower({ dimensions: 4, inputs: { ...inputs, history } });
    const towers = { item: itemTower({ dimensions: 4 }), user, bias: false };
    const model = twoTower({ ...towers, momentDropout: 0.5 });
    const rng = new Rng(5);
    const w = randomWeights(model.init(rng), rng);
    const given = {
      history: randomTensor<tf.Tensor3D>([2, 2, 4], rng),
      age: randomTensor<tf.Tensor2D>([2, 2], rng),
      device: randomTensor<tf.Tensor2D>([3, 3], rng),
    };
    const kept = tf.tensor2d([[1], [0], [1]]);
    const context = trainingContext(
      tf.tensor1d([0, 1, 2], 'int32'),
      tf.tensor1d([0, 0, 1], 'int32'),
      tf.tensor1d([1, 2, 1]),
      {
        // Masks are scaled so that their mean is 1.
        dropoutMask: (shape, rate) => (shape[0] === 3 ? tf.div(kept, 1 - rate) : tf.ones([...shape])),
        uniform: (s) => tf.zeros([...s]),
        normal: (s) => tf.zeros([...s]),
      },
    );
    const seen = model.userVectors(w, given, context);
    const told = { ...given, device: tf.mul(given.device, kept) };
    const expected = twoTower(towers).userVectors(w, told, context);
    expect(relativeError(seen, expected)).toBeLessThan(1e-6);
  });

  test('momentDropout is for towers that read moments', () => {
    const item = itemTower({ dimensions: 4 });
    const code = expect.objectContaining({ code: 'BAD_TOWER' });
    expect(() => twoTower({ item, user: gruTower({ dimensions: 4 }), momentDropout: 0.1 })).toThrow(code);
    expect(() => twoTower({ item, user: towers.mlp, momentDropout: 1 })).toThrow(code);
  });
});
