import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { createEngine, type EngineOptions } from '@towerkit/engine';
import * as tf from '@tensorflow/tfjs';

import { gatedTower, gruTower, itemTower, rowContext, twoTower, type Parameters } from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

const D = 4;
const WIDTHS = { id: D, brand: 3, title: 6 } as const;

const tower = (interactions = true) =>
  gatedTower({
    dimensions: D,
    interactions,
    inputs: {
      id: { kind: 'embedding', of: 'id', dimensions: D },
      brand: { kind: 'embedding', of: 'brand', dimensions: 3 },
      title: { kind: 'feature', of: 'title', dimensions: 6 },
    },
  });

/** Weights away from their start, where gates and pairs would say nothing. */
const shaken = (parameters: Parameters, rng: Rng) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, randomTensor([...shape], rng, 0.5)]),
  );

const given = (rows: number, rng: Rng) =>
  Object.fromEntries(
    Object.entries(WIDTHS).map(([name, dimensions]) => [
      name,
      randomTensor<tf.Tensor2D>([rows, dimensions], rng),
    ]),
  );

/** The formula of the docs, one number after the other. */
function naive(weights: Record<string, tf.Tensor>, inputs: Record<string, tf.Tensor>, rows: number) {
  const value = (name: string) => weights[name].arraySync() as never;
  const names = Object.keys(WIDTHS);
  const A = value('gate.kernel') as number[][];
  const [c, s, b] = ['gate.bias', 'pairs.scale', 'bias'].map((name) => value(name) as number[]);
  const gates: number[][] = [];
  const out = Array.from({ length: rows }, (_, row) => {
    const v = names.map((name) => {
      const x = (inputs[name].arraySync() as number[][])[row];
      if (name === 'id') return x;
      const W = value(`${name}.kernel`) as number[][];
      return Array.from({ length: D }, (_, d) => x.reduce((sum, xi, i) => sum + xi * W[i][d], 0));
    });
    const says = v.map((part) => Math.log(1 + part.reduce((sum, x) => sum + x * x, 0)));
    gates.push(names.map((_, f) => 2 / (1 + Math.exp(-says.reduce((sum, x, h) => sum + x * A[h][f], c[f])))));
    const u = v.map((part, f) => part.map((x) => gates[row][f] * x));
    return Array.from({ length: D }, (_, d) => {
      let y = b[d];
      u.forEach((part, f) => {
        y += part[d];
        for (let h = f + 1; h < u.length; h++) y += s[d] * part[d] * u[h][d];
      });
      return y;
    });
  });
  return { out, gates };
}

describe('the gated tower', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test('is the formula, and reports its gates', () => {
    const rng = new Rng(2);
    const gated = tower();
    const weights = shaken(gated.init(rng), rng);
    const inputs = given(7, rng);
    const expected = naive(weights, inputs, 7);
    expect(relativeError(gated.apply(weights, inputs, rowContext()), tf.tensor2d(expected.out))).toBeLessThan(
      1e-5,
    );
    expect(gated.gates!.names).toEqual(['id', 'brand', 'title']);
    const gates = gated.gates!.apply(weights, inputs, rowContext());
    expect(relativeError(gates, tf.tensor2d(expected.gates))).toBeLessThan(1e-5);
  });

  test('begins as the plain sum of its parts', () => {
    const rng = new Rng(3);
    const gated = tower();
    const weights = Object.fromEntries(
      Object.entries(gated.init(rng)).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
    const inputs = given(5, rng);
    const plain = itemTower({ dimensions: D, categories: { brand: 3 }, content: { title: 6 } });
    const sum = plain.apply({ ...weights, bias: tf.zeros([D]) }, inputs, rowContext());
    expect(relativeError(gated.apply(weights, inputs, rowContext()), sum)).toBeLessThan(1e-6);
    expect(Array.from(gated.gates!.apply(weights, inputs, rowContext()).dataSync())).toEqual(
      new Array(15).fill(1),
    );
  });

  test('compiled and eager give the same vectors and gradients', async () => {
    const rng = new Rng(5);
    const gated = tower();
    const weights = shaken(gated.init(rng), rng);
    const inputs = given(6, rng);
    const all = { ...weights, ...inputs };
    const feeds = Object.fromEntries(
      Object.entries(all).map(([name, x]) => [name, x.dataSync() as Float32Array]),
    );
    const specs = Object.fromEntries(Object.entries(all).map(([name, { shape }]) => [name, { shape }]));
    const weight = randomTensor([6, D], rng);
    const fixed = weight.dataSync() as Float32Array;
    const results = [];
    for (const kind of ['onnx', 'tfjs'] as EngineOptions['kind'][]) {
      const engine = await createEngine({ kind, threads: 1 });
      const compiled = await engine.compile(
        (x) => ({
          loss: tf.sum(tf.mul(gated.apply(x, x, rowContext()), tf.tensor(fixed, [6, D]))),
        }),
        { inputs: specs, gradient: { of: 'loss', wrt: Object.keys(all) } },
      );
      const { outputs, gradients } = await compiled.run(feeds);
      results.push({ loss: tf.tensor(outputs.loss), gradients: { ...gradients } });
      await compiled.dispose();
      await engine.dispose();
    }
    const [compiled, eager] = results;
    expect(relativeError(compiled.loss, eager.loss)).toBeLessThan(1e-5);
    for (const name of Object.keys(all))
      expect(
        relativeError(tf.tensor(compiled.gradients[name]), tf.tensor(eager.gradients[name])),
      ).toBeLessThan(1e-4);
  });

  test('refuses nothing to read, and names that its history takes', () => {
    const bad = expect.objectContaining({ code: 'BAD_TOWER' });
    expect(() => gatedTower({ inputs: {} })).toThrow(bad);
    expect(() =>
      gatedTower({
        inputs: {
          history: { kind: 'history', dimensions: 64 },
          taste: { kind: 'feature', of: 'taste', dimensions: 2 },
        },
      }),
    ).toThrow(bad);
  });
});

describe('items without an id', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const item = itemTower({ dimensions: D, content: { title: 6 } });
  const user = gruTower({ dimensions: D });

  test('in training a share of them loses id and bias together, and nothing else', () => {
    const rng = new Rng(7);
    const model = twoTower({ item, user, idDropout: 0.25 });
    const weights = Object.fromEntries(
      Object.entries(model.init(rng)).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
    );
    const inputs = {
      id: randomTensor<tf.Tensor2D>([4, D], rng),
      title: randomTensor<tf.Tensor2D>([4, 6], rng),
      bias: randomTensor<tf.Tensor2D>([4, 1], rng),
    };
    const kept = [1, 0, 1, 0];
    const rates: number[] = [];
    const random = {
      dropoutMask: (shape: readonly number[], rate: number) => {
        rates.push(rate);
        expect(shape).toEqual([4, 1]);
        return tf.tensor2d(kept, [4, 1]).div(1 - rate) as tf.Tensor;
      },
      uniform: () => tf.zeros([1]),
      normal: () => tf.zeros([1]),
    };
    const trained = model.itemVectors(weights, inputs, rowContext(random));
    const mask = tf.tensor2d(kept, [4, 1]);
    const expected = model.itemVectors(
      weights,
      { ...inputs, id: tf.mul(inputs.id, mask), bias: tf.mul(inputs.bias, mask) },
      rowContext(),
    );
    expect(rates).toEqual([0.25]);
    expect(relativeError(trained, expected)).toBeLessThan(1e-6);
    // Serving keeps every id.
    const plain = twoTower({ item, user }).itemVectors(weights, inputs, rowContext());
    expect(relativeError(model.itemVectors(weights, inputs, rowContext()), plain)).toBe(0);
  });

  test('need something else to be read from', () => {
    const bad = expect.objectContaining({ code: 'BAD_TOWER' });
    expect(() => twoTower({ item: itemTower({ dimensions: D }), user, idDropout: 0.1 })).toThrow(bad);
    expect(() => twoTower({ item, user, idDropout: 1 })).toThrow(bad);
    expect(() => twoTower({ item, user, idDropout: -0.1 })).toThrow(bad);
  });
});
