import { beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import * as tf from '@tensorflow/tfjs';

import { gru } from '../src/index.js';
import { randomTensor, relativeError } from './random.js';

/** The unit as its formulas read, differentiated by tfjs. */
function plainGru(
  x: tf.Tensor3D,
  wx: tf.Tensor2D,
  wh: tf.Tensor2D,
  bx: tf.Tensor1D,
  bh: tf.Tensor1D,
): tf.Tensor {
  let h: tf.Tensor = tf.zeros([x.shape[0], wh.shape[0]]);
  const states = Array.from({ length: x.shape[1] }, (_, t) => {
    const step = tf.reshape(tf.slice(x, [0, t, 0], [-1, 1, -1]), [x.shape[0], x.shape[2]]);
    const [xr, xz, xn] = tf.split(tf.add(tf.matMul(step as tf.Tensor2D, wx), bx), 3, 1);
    const [hr, hz, hn] = tf.split(tf.add(tf.matMul(h as tf.Tensor2D, wh), bh), 3, 1);
    const r = tf.sigmoid(tf.add(xr, hr));
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(r, hn)));
    h = tf.add(tf.mul(tf.sub(1, z), n), tf.mul(z, h));
    return h;
  });
  return tf.stack(states, 1);
}

describe('gru', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test.each([
    [1, 1, 3, 2],
    [4, 5, 3, 6],
    [2, 9, 7, 4],
  ])(
    'states and gradients equal autodiff of the plain formulas (batch %i, steps %i, in %i, units %i)',
    (b, t, i, u) => {
      const rng = new Rng(b + t);
      const args = [
        randomTensor<tf.Tensor3D>([b, t, i], rng),
        randomTensor<tf.Tensor2D>([i, 3 * u], rng, 0.5),
        randomTensor<tf.Tensor2D>([u, 3 * u], rng, 0.5),
        randomTensor<tf.Tensor1D>([3 * u], rng, 0.5),
        randomTensor<tf.Tensor1D>([3 * u], rng, 0.5),
      ];
      const dy = randomTensor([b, t, u], rng);
      const run = (f: typeof gru | typeof plainGru) =>
        tf.valueAndGrads((...xs: tf.Tensor[]) => f(...(xs as Parameters<typeof gru>)))(args, dy);
      const [ours, oracle] = [run(gru), run(plainGru)];
      expect(relativeError(ours.value, oracle.value)).toBeLessThan(1e-5);
      ours.grads.forEach((gradient, k) =>
        expect(relativeError(gradient, oracle.grads[k])).toBeLessThan(1e-5),
      );
    },
  );

  test('a later item never changes an earlier state', () => {
    const rng = new Rng(2);
    const weights = [[3, 12], [4, 12], [12], [12]].map((shape) => randomTensor(shape, rng, 0.5));
    const x = randomTensor<tf.Tensor3D>([1, 6, 3], rng);
    const changed = tf.concat([tf.slice(x, [0, 0, 0], [1, 4, 3]), tf.ones([1, 2, 3])], 1) as tf.Tensor3D;
    const states = (x: tf.Tensor3D) =>
      tf.slice(
        gru(x, ...(weights as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor1D])),
        [0, 0, 0],
        [1, 4, 4],
      );
    expect(relativeError(states(x), states(changed))).toBe(0);
  });
});
