import * as tf from '@tensorflow/tfjs-core';

/**
 * A gated recurrent unit over whole sequences (Cho et al. 2014, in the form of cuDNN and PyTorch, where the
 * reset gate acts after the recurrent product):
 *
 *     r = sigmoid(x Wxr + bxr + h Whr + bhr)      z = sigmoid(x Wxz + bxz + h Whz + bhz)
 *     n = tanh(x Wxn + bxn + r * (h Whn + bhn))   h' = n + z * (h - n)
 *
 * The gradient is written by hand. Autodiff would replay some thirty small kernels a step; of those only the
 * recurrence of dh needs one step after the other. With a = dL/d(pre-activation), each gate's a is dh times a
 * factor that depends on the forward pass alone:
 *
 *     a_n = dh (1-z)(1-n^2)      a_z = dh (h-n) z(1-z)      a_r = a_n (h Whn + bhn) r(1-r)
 *     dh_prev = dh z + [a_r, a_z, a_n r] Wh'
 *
 * so the factors are computed for all steps at once, the loop holds one small product a step, and the weight
 * gradients are two large products at the end.
 *
 * @param x inputs, [batch, steps, in]
 * @param wx input weights, [in, 3 * units], gates in the order r, z, n
 * @param wh recurrent weights, [units, 3 * units]
 * @param bx input bias, [3 * units]
 * @param bh recurrent bias, [3 * units]
 * @returns the state after each step, [batch, steps, units]; the state before the first is zero
 */
export function gru(
  x: tf.Tensor3D,
  wx: tf.Tensor2D,
  wh: tf.Tensor2D,
  bx: tf.Tensor1D,
  bh: tf.Tensor1D,
): tf.Tensor3D {
  const [batch, steps, dimensions] = x.shape;
  const units = wh.shape[0];
  // Time-major rows make each step a contiguous block.
  const rows = tf.reshape(tf.transpose(x, [1, 0, 2]), [steps * batch, dimensions]) as tf.Tensor2D;
  const states = recurrence(rows, wx, wh, bx, bh, steps);
  return tf.transpose(tf.reshape(states, [steps, batch, units]), [1, 0, 2]);
}

/** The unit over time-major rows: [steps * batch, in] to [steps * batch, units]. */
function recurrence(
  x: tf.Tensor2D,
  wx: tf.Tensor2D,
  wh: tf.Tensor2D,
  bx: tf.Tensor1D,
  bh: tf.Tensor1D,
  steps: number,
): tf.Tensor2D {
  const units = wh.shape[0];
  const batch = x.shape[0] / steps;
  const custom = tf.customGrad((...args: unknown[]) => {
    const [x, wx, wh, bx, bh] = args as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
    const save = args[5] as tf.GradSaveFunc;
    const { h, before, rz, n, hn } = forward(x, wx, wh, bx, bh, steps, batch);
    save([x, wx, wh, before, rz, n, hn]);
    return {
      value: h,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, wx, wh, before, rz, n, hn] = saved as tf.Tensor2D[];
        const [r, z] = tf.split(rz, 2, 1);
        const an = tf.mul(tf.sub(1, z), tf.sub(1, tf.square(n)));
        const az = tf.mul(tf.sub(before, n), tf.mul(z, tf.sub(1, z)));
        const ar = tf.mul(tf.mul(an, hn), tf.mul(r, tf.sub(1, r)));
        const recurrent = tf.reshape(tf.concat([ar, az, tf.mul(an, r)], 1), [steps * batch, 3, units]);
        const dh = backward(dy as tf.Tensor2D, recurrent, z, wh, steps, batch);
        const each = tf.reshape(dh, [steps * batch, 1, units]);
        const ax = tf.reshape(
          tf.mul(each, tf.reshape(tf.concat([ar, az, an], 1), [steps * batch, 3, units])),
          [steps * batch, 3 * units],
        );
        const ah = tf.reshape(tf.mul(each, recurrent), [steps * batch, 3 * units]);
        return [
          tf.matMul(ax, wx, false, true),
          tf.matMul(x, ax, true, false),
          tf.matMul(before, ah, true, false),
          tf.sum(ax, 0),
          tf.sum(ah, 0),
        ];
      },
    };
  });
  return custom(x, wx, wh, bx, bh) as tf.Tensor2D;
}

/** All states and what the gradient needs of the pass: each [steps * batch, units] (rz twice as wide). */
function forward(
  x: tf.Tensor2D,
  wx: tf.Tensor2D,
  wh: tf.Tensor2D,
  bx: tf.Tensor1D,
  bh: tf.Tensor1D,
  steps: number,
  batch: number,
) {
  const units = wh.shape[0];
  const [xrz, xn] = tf.split(tf.add(tf.matMul(x, wx), bx), [2 * units, units], 1);
  const xrzs = tf.split(xrz, steps, 0);
  const xns = tf.split(xn, steps, 0);
  const all = { h: [] as tf.Tensor[], rz: [] as tf.Tensor[], n: [] as tf.Tensor[], hn: [] as tf.Tensor[] };
  const zero = tf.zeros([batch, units]);
  let h: tf.Tensor = zero;
  for (let t = 0; t < steps; t++) {
    const [hrz, hn] = tf.split(tf.add(tf.matMul(h as tf.Tensor2D, wh), bh), [2 * units, units], 1);
    const rz = tf.sigmoid(tf.add(xrzs[t], hrz));
    const [r, z] = tf.split(rz, 2, 1);
    const n = tf.tanh(tf.add(xns[t], tf.mul(r, hn)));
    h = tf.add(n, tf.mul(z, tf.sub(h, n)));
    all.h.push(h);
    all.rz.push(rz);
    all.n.push(n);
    all.hn.push(hn);
  }
  const stack = (list: tf.Tensor[]) => tf.concat(list, 0) as tf.Tensor2D;
  return {
    h: stack(all.h),
    before: stack([zero, ...all.h.slice(0, -1)]),
    rz: stack(all.rz),
    n: stack(all.n),
    hn: stack(all.hn),
  };
}

/** dL/dh of every step, [steps * batch, units]: the only part that must go step by step. */
function backward(
  dy: tf.Tensor2D,
  recurrent: tf.Tensor,
  z: tf.Tensor,
  wh: tf.Tensor2D,
  steps: number,
  batch: number,
): tf.Tensor2D {
  const units = wh.shape[0];
  const dys = tf.split(dy, steps, 0);
  const factors = tf.split(recurrent, steps, 0);
  const zs = tf.split(z, steps, 0);
  const all: tf.Tensor[] = new Array(steps);
  let dh: tf.Tensor = dys[steps - 1];
  for (let t = steps - 1; t >= 0; t--) {
    all[t] = dh;
    if (t === 0) break;
    const ah = tf.reshape(tf.mul(tf.reshape(dh, [batch, 1, units]), factors[t]), [
      batch,
      3 * units,
    ]) as tf.Tensor2D;
    dh = tf.add(dys[t - 1], tf.add(tf.mul(dh, zs[t]), tf.matMul(ah, wh, false, true)));
  }
  return tf.concat(all, 0) as tf.Tensor2D;
}
