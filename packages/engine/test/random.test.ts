import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import { createEngine, type TensorFunction } from '../src/index.js';
import { draw } from '../src/random/requests.js';

const moments = (values: Float32Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length };
};

describe('draws', () => {
  const n = 100_001;

  test.each([0.1, 0.4, 0.5, 0.9])(
    'a dropout mask of rate %d has mean 1 and the share of zeros asked for',
    (rate) => {
      const mask = draw({ kind: 'dropoutMask', shape: [n], rate }, new Rng(1));
      const zeros = mask.filter((v) => v === 0).length;
      const expected = Math.round(rate * 65536) / 65536;
      // five standard deviations
      expect(Math.abs(zeros / n - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / n));
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - expected))]));
    },
  );

  test('a rate of 0 keeps everything; both halves of a draw are used', () => {
    expect(new Set(draw({ kind: 'dropoutMask', shape: [99], rate: 0 }, new Rng(1)))).toEqual(new Set([1]));
    const mask = draw({ kind: 'dropoutMask', shape: [n], rate: 0.5 }, new Rng(3));
    let agree = 0;
    for (let i = 0; i + 1 < n; i += 2) agree += mask[i] === mask[i + 1] ? 1 : 0;
    expect(Math.abs(agree / (n / 2) - 0.5)).toBeLessThan(0.015);
  });

  test('uniform and normal have their moments', () => {
    const uniform = draw({ kind: 'uniform', shape: [n], rate: 0 }, new Rng(2));
    expect(uniform.every((v) => v >= 0 && v < 1)).toBe(true);
    expect(moments(uniform).mean).toBeCloseTo(0.5, 2);
    expect(moments(uniform).variance).toBeCloseTo(1 / 12, 2);
    const normal = draw({ kind: 'normal', shape: [n], rate: 0 }, new Rng(2));
    expect(Math.abs(moments(normal).mean)).toBeLessThan(0.02);
    expect(Math.abs(moments(normal).variance - 1)).toBeLessThan(0.03);
  });
});

test('all engines give the same from the same Rng, unused requests included', async () => {
  const fn: TensorFunction = ({ x }, random) => {
    const mask = random.dropoutMask([4, 8], 0.3);
    random.normal([7]); // asked for and not used: it still moves the Rng
    const noise = tf.add(random.normal([8]), random.uniform([4, 1]));
    return { loss: tf.sum(tf.mul(tf.add(x, noise), mask)), kept: mask };
  };
  const options = { inputs: { x: { shape: [4, 8] } }, gradient: { of: 'loss', wrt: ['x'] } };
  const feeds = { x: Float32Array.from({ length: 32 }, (_, i) => i / 10) };
  const results = [];
  for (const engine of [
    await createEngine({ threads: 1 }),
    await createEngine({ kind: 'tfjs', backend: 'wasm' }),
    await createEngine({ kind: 'tfjs', backend: 'cpu' }),
  ]) {
    const f = await engine.compile(fn, options);
    const rng = new Rng(5);
    const first = await f.run(feeds, rng);
    const second = await f.run(feeds, rng);
    expect(second.outputs.kept).not.toEqual(first.outputs.kept);
    expect(first.gradients.x).toEqual(first.outputs.kept);
    results.push({
      kept: [first.outputs.kept, second.outputs.kept],
      loss: second.outputs.loss[0],
      state: rng.state,
    });
    await engine.dispose();
  }
  const [onnx, ...others] = results;
  for (const other of others) {
    expect(other.kept).toEqual(onnx.kept);
    expect(other.state).toEqual(onnx.state);
    expect(other.loss).toBeCloseTo(onnx.loss, 3);
  }
});
