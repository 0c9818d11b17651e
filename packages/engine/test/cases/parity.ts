import { afterAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs-core';

import {
  createEngine,
  type Engine,
  type Feeds,
  type TensorFunction,
  type TensorSpec,
} from '../../src/index.js';

/** An input of a case: a shape filled with normal numbers, or values. */
export type CaseInput = readonly number[] | Described;

interface Described {
  shape: readonly number[];
  dtype?: 'float32' | 'int32';
  values?: readonly number[];
  /** The numbers are drawn from [low, high) instead; whole ones for int32. */
  low?: number;
  high?: number;
}

/** Numbers drawn from [low, high). */
export const float = (shape: readonly number[], low: number, high: number): CaseInput => ({
  shape,
  low,
  high,
});
/** Whole numbers drawn from [low, high). */
export const whole = (shape: readonly number[], low = -5, high = 6): CaseInput => ({
  shape,
  low,
  high,
  dtype: 'int32',
});

export interface Case {
  inputs: Record<string, CaseInput>;
  fn: (inputs: Record<string, tf.Tensor>) => tf.Tensor | tf.Tensor[];
  /** Inputs to differentiate by: every float32 one by default; none with []. */
  wrt?: readonly string[];
  /** Largest difference, relative to the largest entry of a tensor. */
  tolerance?: number;
}

/** The kernels that the cases so far have reached. */
export const reached = new Set<string>();

const runKernel = tf.engine().runKernel;
tf.engine().runKernel = function (this: unknown, name: string, ...rest: never[]) {
  reached.add(name);
  return (runKernel as (...all: unknown[]) => never).call(this, name, ...rest);
};

const engines: Promise<Engine>[] = [];
const open = (options: Parameters<typeof createEngine>[0]): Promise<Engine> => {
  const engine = createEngine(options);
  engines.push(engine);
  return engine;
};
const reference = open({ kind: 'tfjs', backend: 'cpu' });
const onnx = open({ kind: 'onnx', threads: 1 });
const wasm = open({ kind: 'tfjs', backend: 'wasm' });

afterAll(async () => {
  for (const engine of engines) await (await engine).dispose();
});

/** Tests that a computation and its gradients are the same on ONNX Runtime (and wasm) as on tfjs's cpu backend. */
export function parity(name: string, { inputs, fn, wrt, tolerance = 2e-6 }: Case, withWasm = false): void {
  test(name, async () => {
    const { specs, feeds } = materialize(inputs, new Rng(7));
    const floats = Object.keys(specs).filter((key) => specs[key].dtype === 'float32');
    const by = wrt ?? floats;
    const options = { inputs: specs, gradient: by.length > 0 ? { of: 'loss', wrt: by } : undefined };
    const expected = await (await (await reference).compile(withLoss(fn), options)).run(feeds);
    for (const engine of withWasm ? [onnx, wasm] : [onnx]) {
      const compiled = await (await engine).compile(withLoss(fn), options);
      const actual = await compiled.run(feeds);
      await compiled.dispose();
      expect(Object.keys(actual.outputs)).toEqual(Object.keys(expected.outputs));
      for (const key of Object.keys(expected.outputs))
        expectClose(actual.outputs[key], expected.outputs[key], tolerance, `output ${key}`);
      for (const key of by)
        expectClose(actual.gradients[key], expected.gradients[key], tolerance, `gradient of ${key}`);
    }
  });
}

/** All outputs, and a scalar in which every entry has a weight of its own. */
const withLoss =
  (fn: Case['fn']): TensorFunction =>
  (inputs) => {
    const results = [fn(inputs)].flat();
    const terms = results.map((tensor) => {
      const weights = Float32Array.from({ length: tensor.size }, (_, i) => Math.cos(i + 1) + 0.1);
      return tf.sum(tf.mul(tf.cast(tensor, 'float32'), tf.tensor(weights, tensor.shape)));
    });
    const outputs = Object.fromEntries(results.map((tensor, i) => [`y${i}`, tensor]));
    return { ...outputs, loss: tf.addN(terms.map((term) => tf.reshape(term, []))) };
  };

export function materialize(
  inputs: Case['inputs'],
  rng: Rng,
): { specs: Record<string, TensorSpec>; feeds: Feeds } {
  const specs: Record<string, TensorSpec> = {};
  const feeds: Feeds = {};
  for (const [name, input] of Object.entries(inputs)) {
    const {
      shape,
      dtype = 'float32',
      values,
      low,
      high,
    } = Array.isArray(input) ? ({ shape: input } as Described) : (input as Described);
    const size = shape.reduce((a: number, b: number) => a * b, 1);
    const one = () =>
      low === undefined || high === undefined ? rng.normal() : low + (high - low) * rng.uniform();
    const numbers = values ?? Array.from({ length: size }, one);
    specs[name] = { shape, dtype };
    feeds[name] = dtype === 'float32' ? Float32Array.from(numbers) : Int32Array.from(numbers, Math.floor);
  }
  return { specs, feeds };
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(`${what}: ${actual.length} values`).toBe(`${what}: ${expected.length} values`);
  let scale = expected.length === 1 ? 1 : 1e-6; // a single number may be what is left of larger ones
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    const same = Object.is(actual[i], expected[i]) || actual[i] === expected[i];
    if (!same && !(Math.abs(actual[i] - expected[i]) <= tolerance * scale))
      throw new Error(`${what}: entry ${i} is ${actual[i]}, expected ${expected[i]} (scale ${scale})`);
  }
}
