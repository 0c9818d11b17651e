import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import {
  itemTower,
  rowContext,
  selfAttentionTower,
  servingContext,
  trainingContext,
  twoTower,
  type Parameters,
  type SelfAttentionTowerOptions,
} from '../src/index.js';
import { causalConvolution, causalConvolutionParameters } from '../src/layers/causal-convolution.js';
import { frequencyFilter } from '../src/layers/frequency-filter.js';
import { pointwiseAttentionLayer, pointwiseAttentionParameters } from '../src/layers/pointwise-attention.js';
import { relativeBias } from '../src/layers/relative-bias.js';
import { selfAttention, selfAttentionParameters } from '../src/layers/self-attention.js';
import { randomTensor, relativeError } from './random.js';

type Rows = number[][];

const tensors = (parameters: Parameters) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [name, tf.tensor(data, [...shape])]),
  );

/** Weights with noise, so that nothing is 0 or 1 by its start. */
const noisy = (parameters: Parameters, rng: Rng) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { data, shape }]) => [
      name,
      tf.tensor(
        data.map((value) => value + 0.3 * rng.normal()),
        [...shape],
      ),
    ]),
  );

beforeAll(() => tf.setBackend('cpu'));

describe('self-attention', () => {
  test.each([
    [1, 1, 2, 1],
    [3, 5, 6, 2],
    [2, 7, 6, 3],
  ])('is the formula, place by place (batch %i, steps %i, width %i, heads %i)', (batch, steps, d, heads) => {
    const rng = new Rng(batch + steps);
    const parameters = noisy(selfAttentionParameters('a', d, rng), rng);
    const x = randomTensor<tf.Tensor3D>([batch, steps, d], rng);
    const found = selfAttention(x, parameters, 'a', { heads, dropout: 0.5, context: rowContext() });
    const [wi, wo] = ['a.inputs', 'a.output'].map((name) => ({
      kernel: (parameters[`${name}.kernel`] as tf.Tensor2D).arraySync(),
      bias: (parameters[`${name}.bias`] as tf.Tensor1D).arraySync(),
    }));
    const map = (row: number[], { kernel, bias }: { kernel: Rows; bias: number[] }) =>
      bias.map((b, j) => row.reduce((sum, value, i) => sum + value * kernel[i][j], b));
    const width = d / heads;
    const expected = x.arraySync().flatMap((sequence) => {
      const mapped = sequence.map((row) => map(row, wi));
      return mapped.map((at, t) => {
        const read = new Array<number>(d).fill(0);
        for (let h = 0; h < heads; h++) {
          const part = (row: number[], kind: number) =>
            row.slice(kind * d + h * width, kind * d + (h + 1) * width);
          const earlier = mapped.slice(0, t + 1);
          const scores = earlier.map((row) => {
            const [q, k] = [part(at, 0), part(row, 1)];
            return Math.exp(q.reduce((sum, value, i) => sum + value * k[i], 0) / Math.sqrt(width));
          });
          const total = scores.reduce((a, b) => a + b);
          earlier.forEach((row, s) =>
            part(row, 2).forEach((value, i) => (read[h * width + i] += (scores[s] / total) * value)),
          );
        }
        return map(read, wo);
      });
    });
    expect(relativeError(found, tf.tensor2d(expected))).toBeLessThan(1e-5);
  });
});

describe('the frequency filter', () => {
  test('takes of a full window the low frequencies of its discrete Fourier transform', () => {
    const [window, d] = [10, 3];
    const rng = new Rng(4);
    const x = randomTensor<tf.Tensor3D>([2, window, d], rng);
    const high = randomTensor<tf.Tensor1D>([d], rng);
    for (const low of [1, 2, 5]) {
      const found = frequencyFilter(x, { 'f.high': high }, 'f', { window, low }).arraySync();
      x.arraySync().forEach((sequence, b) => {
        for (let i = 0; i < d; i++) {
          let slow = 0; // the inverse transform at the last place, of the frequencies up to half of `low`
          for (let k = 0; k < window; k++) {
            if (Math.min(k, window - k) > low / 2) continue;
            for (let s = 0; s < window; s++)
              slow += (sequence[s][i] * Math.cos((2 * Math.PI * k * (window - 1 - s)) / window)) / window;
          }
          const factor = high.arraySync()[i] ** 2;
          expect(found[b][window - 1][i]).toBeCloseTo(slow + factor * (sequence[window - 1][i] - slow), 4);
        }
      });
    }
  });

  test('at an earlier place it is that of the history so far behind zeros', () => {
    const rng = new Rng(5);
    const x = randomTensor<tf.Tensor3D>([1, 6, 2], rng);
    const weights = { 'f.high': randomTensor([2], rng) };
    const split = { window: 6, low: 3 };
    const all = frequencyFilter(x, weights, 'f', split);
    for (let length = 1; length <= 6; length++) {
      const known = tf.slice(x, [0, 0, 0], [1, length, 2]);
      const behind = tf.pad(known, [
        [0, 0],
        [6 - length, 0],
        [0, 0],
      ]) as tf.Tensor3D;
      const last = tf.slice(frequencyFilter(behind, weights, 'f', split), [0, 5, 0], [1, 1, 2]);
      expect(relativeError(tf.slice(all, [0, length - 1, 0], [1, 1, 2]), last)).toBeLessThan(1e-5);
    }
  });
});

describe('attention by distance', () => {
  test.each([1, 2, 4])('the bias of each distance stands on its diagonal (%i steps of 4)', (steps) => {
    const [heads, maxLength] = [2, 4];
    const values = [
      [40, 30, 20, 10],
      [4, 3, 2, 1],
    ]; // by falling distance
    const found = relativeBias({ 'a.relative': tf.tensor2d(values) }, 'a', steps);
    const expected = Array.from({ length: heads }, (_, head) =>
      Array.from({ length: steps }, (_, t) =>
        Array.from({ length: steps }, (_, s) => (s <= t ? values[head][maxLength - 1 - (t - s)] : 0)),
      ),
    );
    expect(found.arraySync()).toEqual(expected);
  });

  test('is added to the scores of self-attention', () => {
    const rng = new Rng(5);
    const parameters = noisy(selfAttentionParameters('a', 4, rng, { heads: 2, maxLength: 6 }), rng);
    const x = randomTensor<tf.Tensor3D>([2, 3, 4], rng);
    const settings = { heads: 2, dropout: 0, context: rowContext() };
    const far = { ...parameters, 'a.relative': tf.mul(tf.ones([2, 6]), tf.tensor1d([0, 0, 0, 0, 0, 50])) };
    // With all weight on distance 0 a place reads itself alone, as a sequence of one does.
    const found = selfAttention(x, far, 'a', { ...settings, relative: true });
    const alone = selfAttention(tf.reshape(x, [6, 1, 4]), parameters, 'a', settings);
    expect(relativeError(found, alone)).toBeLessThan(1e-5);
    expect(relativeError(selfAttention(x, parameters, 'a', settings), alone)).toBeGreaterThan(1e-3);
  });

  test.each([
    [1, 1, 2, 1, false],
    [2, 5, 6, 3, true],
  ])('pointwise attention is the formula (%i x %i x %i, heads %i, distances %s)', (...sizes) => {
    const [batch, steps, d, heads, relative] = sizes;
    const rng = new Rng(batch + steps);
    const maxLength = 7;
    const parameters = noisy(
      pointwiseAttentionParameters('a', { dimensions: d, heads, maxLength, relative }, rng),
      rng,
    );
    const x = randomTensor<tf.Tensor2D>([batch * steps, d], rng);
    const found = pointwiseAttentionLayer(x, parameters, 'a', {
      ...{ batch, steps, heads, maxLength, relative, dropout: 0.5, context: rowContext() },
    });
    const of = <T>(name: string) => parameters[`a.${name}`].arraySync() as unknown as T;
    const norm = (row: number[], name: string) => {
      const mean = row.reduce((a, b) => a + b) / d;
      const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / d;
      const [scale, shift] = [of<number[]>(`${name}.scale`), of<number[]>(`${name}.shift`)];
      return row.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[i] + shift[i]);
    };
    const map = (row: number[], name: string) =>
      of<number[]>(`${name}.bias`).map((b, j) =>
        row.reduce((sum, value, i) => sum + value * of<Rows>(`${name}.kernel`)[i][j], b),
      );
    const silu = (z: number) => z / (1 + Math.exp(-z));
    const width = d / heads;
    const rows = x.arraySync();
    const mapped = rows.map((row) => map(norm(row, 'norm'), 'inputs').map(silu));
    const part = (row: number[], kind: number) => row.slice(kind * d, (kind + 1) * d);
    const expected = rows.map((row, at) => {
      const t = at % steps;
      const [u, , q] = [0, 1, 2].map((kind) => part(mapped[at], kind));
      const read = new Array<number>(d).fill(0);
      for (let s = 0; s <= t; s++) {
        const [, v, , k] = [0, 1, 2, 3].map((kind) => part(mapped[at - t + s], kind));
        for (let h = 0; h < heads; h++) {
          let score = relative ? of<Rows>('relative')[h][maxLength - 1 - (t - s)] : 0;
          for (let i = h * width; i < (h + 1) * width; i++) score += q[i] * k[i];
          for (let i = h * width; i < (h + 1) * width; i++) read[i] += (silu(score) * v[i]) / maxLength;
        }
      }
      const added = map(
        norm(read, 'read_norm').map((value, i) => value * u[i]),
        'output',
      );
      return row.map((value, i) => value + added[i]);
    });
    expect(relativeError(found, tf.tensor2d(expected))).toBeLessThan(1e-4);
  });
});

describe('the causal convolution', () => {
  test('starts as the identity and is the sum of the last steps, each dimension by itself', () => {
    const rng = new Rng(6);
    const x = randomTensor<tf.Tensor3D>([2, 7, 3], rng);
    const start = tensors(causalConvolutionParameters('c', 4, 3));
    expect(relativeError(causalConvolution(x, start, 'c'), x)).toBe(0);
    const kernel = randomTensor<tf.Tensor2D>([4, 3], rng);
    const [rows, taps] = [x.arraySync(), kernel.arraySync()];
    const expected = rows.map((sequence) =>
      sequence.map((row, t) =>
        row.map((_, i) => taps.reduce((sum, tap, k) => sum + (t >= k ? tap[i] * sequence[t - k][i] : 0), 0)),
      ),
    );
    const found = causalConvolution(x, { 'c.kernel': kernel }, 'c');
    expect(relativeError(found, tf.tensor3d(expected))).toBeLessThan(1e-6);
    // A history shorter than the kernel.
    const short = causalConvolution(tf.slice(x, [0, 0, 0], [2, 2, 3]), { 'c.kernel': kernel }, 'c');
    expect(relativeError(short, tf.tensor3d(expected.map((rows) => rows.slice(0, 2))))).toBeLessThan(1e-6);
  });
});

describe('the self-attention tower', () => {
  const D = 6;
  const variants: [string, SelfAttentionTowerOptions][] = [
    ['layer norm before', {}],
    ['layer norm after', { norm: 'after' }],
    ['the mean', { mean: true }],
    ['a convolution', { convolution: 3 }],
    ['a bias by distance', { relative: true }],
    ['pointwise attention', { attention: 'pointwise' }],
    ['pointwise attention without distances', { attention: 'pointwise', relative: false, mean: true }],
    ['frequencies', { norm: 'after', frequencies: { share: 0.6, low: 3 } }],
    ['everything', { mean: true, convolution: 4, frequencies: {}, id: 2, features: { age: 2 } }],
  ];

  test.each(variants)(
    'with %s serves what it trains, and no later item changes an earlier vector',
    (_, more) => {
      const [batch, steps] = [3, 5];
      const tower = selfAttentionTower({ dimensions: D, maxLength: 8, heads: 3, units: 7, ...more });
      const rng = new Rng(7);
      const parameters = noisy(tower.init(rng), rng);
      const own = {
        id: randomTensor([batch, 2], rng),
        age: randomTensor([batch, 2], rng),
      };
      const history = randomTensor<tf.Tensor3D>([batch, steps, D], rng);
      const places = Array.from({ length: batch * steps }, (_, place) => place);
      const keepAll = {
        dropoutMask: (shape: readonly number[]) => tf.ones([...shape]),
        uniform: (shape: readonly number[]) => tf.zeros([...shape]),
        normal: (shape: readonly number[]) => tf.zeros([...shape]),
      };
      const context = trainingContext(
        tf.tensor1d(places, 'int32'),
        tf.tensor1d(
          places.map((place) => Math.floor(place / steps)),
          'int32',
        ),
        tf.tensor1d(places.map((place) => 1 + (place % steps))),
        keepAll,
      );
      const trained = tower.apply(parameters, { history, ...own }, context);
      for (let length = 1; length <= steps; length++) {
        const mask = tf.tensor2d(
          Array.from({ length: batch }, () => places.slice(0, steps).map((t) => (t < length ? 1 : 0))),
        );
        const other = tf.where(
          tf.greater(tf.tile(tf.reshape(mask, [batch, steps, 1]), [1, 1, D]), 0),
          history,
          randomTensor([batch, steps, D], rng),
        ) as tf.Tensor3D;
        const served = tower.apply(parameters, { history: other, ...own }, servingContext(mask));
        const rows = Array.from({ length: batch }, (_, b) => b * steps + length - 1);
        expect(relativeError(served, tf.gather(trained, rows))).toBeLessThan(1e-5);
      }
    },
  );

  test('order matters: the same items in another order give another vector', () => {
    const tower = selfAttentionTower({ dimensions: D, maxLength: 4, heads: 2 });
    const rng = new Rng(8);
    const parameters = noisy(tower.init(rng), rng);
    const history = randomTensor<tf.Tensor3D>([1, 4, D], rng);
    const read = (history: tf.Tensor3D) =>
      tower.apply(parameters, { history }, servingContext(tf.ones([1, 4])));
    const other = tf.gather(history, [2, 0, 1, 3], 1) as tf.Tensor3D; // the last stays
    expect(relativeError(read(other), read(history))).toBeGreaterThan(1e-3);
  });

  test('a history longer than its positions is refused', () => {
    const tower = selfAttentionTower({ dimensions: D, maxLength: 4 });
    const parameters = tensors(tower.init(new Rng(1)));
    const history = tf.zeros<tf.Rank.R3>([1, 5, D]);
    expect(() => tower.apply(parameters, { history }, servingContext(tf.ones([1, 5])))).toThrow(
      expect.objectContaining({ code: 'BAD_TOWER', hint: expect.stringMatching(/maxLength of 5/) }),
    );
  });

  test.each<[SelfAttentionTowerOptions, string]>([
    [{ heads: 3 }, 'BAD_TOWER'],
    [{ layers: 0 }, 'BAD_OPTION'],
    [{ maxLength: 1.5 }, 'BAD_OPTION'],
    [{ convolution: -1 }, 'BAD_OPTION'],
    [{ attention: 'linear' as 'softmax' }, 'BAD_OPTION'],
    [{ attention: 'pointwise', frequencies: {} }, 'BAD_TOWER'],
    [{ frequencies: { share: 2 } }, 'BAD_OPTION'],
    [{ frequencies: { low: 0 } }, 'BAD_OPTION'],
    [{ inputs: { history: { kind: 'feature', of: 'x', dimensions: 2 } } }, 'BAD_TOWER'],
  ])('%j is refused', (options, code) => {
    expect(() => selfAttentionTower(options)).toThrow(expect.objectContaining({ code }));
  });

  test('it says what differs between two of them', () => {
    const { settings } = selfAttentionTower({ frequencies: { low: 7 } });
    expect(settings).toEqual({
      ...{ maxLength: 50, layers: 2, heads: 2, units: 256, dropout: 0.5, norm: 'before', mean: false },
      ...{ convolution: 0, frequencies: { share: 0.7, low: 7 } },
    });
    expect(twoTower({ item: itemTower(), user: selfAttentionTower() }).dimensions).toBe(65);
  });
});
