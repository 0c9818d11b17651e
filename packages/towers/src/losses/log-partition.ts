import * as tf from '@tensorflow/tfjs-core';

/** Score of a pair that is left out. */
export const MASKED = -1e9;

/**
 * The log of the softmax's denominator, row by row: lse_i = log sum_j exp(u_i . v_j + offset_j), leaving out the
 * masked (row, column) pairs.
 *
 * The gradient is written by hand so that the [rows, columns] array is passed over as few times as can be: with
 * P = softmax(logits), dU = dy * (P V) and dV = P' (dy * U), where dy scales the small side. lse itself comes
 * out of P: the largest probability of a row is exp(max - lse) and never less than 1 / columns, so
 * lse = max(logits) - log(max(P)) loses nothing to underflow.
 *
 * @param users [rows, dimensions]
 * @param items [columns, dimensions]
 * @param offsets added to each column, [columns]; takes no gradient
 * @param masked pairs left out, int32 [pairs, 2]; no pair twice
 * @param own one column of each row, int32 [rows], that takes an offset of its own, [rows], in place of its column's; no
 *   masked pair. It takes no gradient either
 * @returns [rows]
 */
export function logPartition(
  users: tf.Tensor2D,
  items: tf.Tensor2D,
  offsets: tf.Tensor1D,
  masked?: tf.Tensor2D,
  own?: { readonly columns: tf.Tensor1D; readonly offsets: tf.Tensor1D },
): tf.Tensor1D {
  const custom = tf.customGrad((...args: unknown[]) => {
    const [u, v] = args as [tf.Tensor2D, tf.Tensor2D];
    const save = args[2] as tf.GradSaveFunc;
    const scores = tf.add(tf.matMul(u, v, false, true), offsets);
    const pairs: tf.Tensor[] = [];
    const values: tf.Tensor[] = [];
    if (masked) {
      pairs.push(masked);
      values.push(tf.fill([masked.shape[0]], MASKED));
    }
    if (own) {
      const rows = tf.range(0, u.shape[0], 1, 'int32');
      pairs.push(tf.stack([rows, own.columns], 1));
      values.push(tf.add(tf.sum(tf.mul(u, tf.gather(v, own.columns)), 1), own.offsets));
    }
    // One pass over [rows, columns] for both.
    const logits =
      pairs.length > 0 ? tf.tensorScatterUpdate(scores, tf.concat(pairs, 0), tf.concat(values, 0)) : scores;
    const p = tf.softmax(logits) as tf.Tensor2D;
    save([u, v, p]);
    return {
      value: tf.sub(tf.max(logits, 1), tf.log(tf.max(p, 1))),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [u, v, p] = saved as tf.Tensor2D[];
        const scale = tf.reshape(dy, [-1, 1]);
        return [tf.mul(scale, tf.matMul(p, v)), tf.matMul(p, tf.mul(scale, u) as tf.Tensor2D, true, false)];
      },
    };
  });
  return custom(users, items) as tf.Tensor1D;
}
