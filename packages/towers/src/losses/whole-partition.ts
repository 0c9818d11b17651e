import * as tf from '@tensorflow/tfjs-core';

import { MASKED } from './log-partition.js';

/** Scores of a block of positions with all items, at most: 16 MiB. Measured; smaller blocks pack the items too often. */
const BLOCK_VALUES = 4 * 1024 * 1024;

/** Positions of a block, so that their scores with so many items stay within the block's size. */
export const blockRows = (items: number, blockValues = BLOCK_VALUES): number =>
  Math.max(1, Math.floor(blockValues / items));

/**
 * The weighted sum of the log partitions of {@link logPartition}, sum_i w_i log sum_j exp(u_i . v_j + offset_j), for so many
 * columns that the array [rows, columns] is not to be kept. The rows go through in blocks, and the gradient, written by hand,
 * is taken along with the value: with P = softmax(logits) of a block, its dU = w * (P V), and P' (w * U) is added to dV. So
 * each block's scores are computed once and given up before the next block's.
 *
 * @param users [rows, dimensions]
 * @param items [columns, dimensions]
 * @param offsets added to each column, [columns]; takes no gradient
 * @param weights of the rows, [rows]; takes no gradient
 * @param masked pairs left out, int32 [pairs, 2]; none in the last column, which is padding
 * @param blockValues most scores of a block
 * @returns a scalar
 */
export function wholePartition(
  users: tf.Tensor2D,
  items: tf.Tensor2D,
  offsets: tf.Tensor1D,
  weights: tf.Tensor1D,
  masked?: tf.Tensor2D,
  blockValues?: number,
): tf.Scalar {
  const custom = tf.customGrad((...args: unknown[]) => {
    const [u, v] = args as [tf.Tensor2D, tf.Tensor2D];
    const save = args[2] as tf.GradSaveFunc;
    const [rows, dimensions] = u.shape;
    const size = blockRows(v.shape[0], blockValues);
    const partitions: tf.Tensor[] = [];
    const ofUsers: tf.Tensor[] = [];
    let ofItems: tf.Tensor | undefined;
    for (let start = 0; start < rows; start += size) {
      const count = Math.min(size, rows - start);
      const block = tf.slice(u, [start, 0], [count, dimensions]);
      const weight = tf.slice(weights, [start], [count]);
      const own = masked && pairsOf(masked, start, count, v.shape[0]);
      const x = ofItems ? after(block, partitions.at(-1)!, ofUsers.at(-1)!, ofItems) : block;
      const { value, du, dv } = blockOf(x, v, offsets, weight, own);
      partitions.push(value);
      ofUsers.push(du);
      ofItems = ofItems ? tf.add(ofItems, dv) : dv;
    }
    save([tf.concat(ofUsers, 0), ofItems!]);
    return {
      value: tf.addN(partitions),
      gradFunc: (dy: tf.Tensor, [du, dv]: tf.Tensor[]) => [tf.mul(dy, du), tf.mul(dy, dv)],
    };
  });
  return custom(users, items) as tf.Scalar;
}

/** One block: the weighted sum of its log partitions, and the gradients of that by its rows and by all items. */
function blockOf(
  u: tf.Tensor2D,
  v: tf.Tensor2D,
  offsets: tf.Tensor1D,
  weight: tf.Tensor1D,
  masked: tf.Tensor2D | undefined,
) {
  const scores = tf.add(tf.matMul(u, v, false, true), offsets);
  const logits = masked ? tf.tensorScatterUpdate(scores, masked, tf.fill([masked.shape[0]], MASKED)) : scores;
  const p = tf.softmax(logits) as tf.Tensor2D;
  const partition = tf.sub(tf.max(logits, 1), tf.log(tf.max(p, 1))); // see logPartition
  const scale = tf.expandDims(weight, 1);
  return {
    value: tf.sum(tf.mul(partition, weight)),
    du: tf.mul(scale, tf.matMul(p, v)),
    dv: tf.matMul(p, tf.mul(scale, u) as tf.Tensor2D, true, false),
  };
}

/**
 * `x` as it is, to be computed when all that came of the block before has been: a compiled graph runs in any order that its
 * operands allow, and would keep the scores of all blocks.
 */
const after = (x: tf.Tensor2D, ...before: tf.Tensor[]): tf.Tensor2D =>
  tf.add(x, tf.mul(tf.addN(before.map(firstOf)), 0));

/** One value of a tensor, as a scalar. */
const firstOf = (x: tf.Tensor): tf.Tensor => (x.rank === 0 ? x : tf.reshape(tf.slice(x, [0, 0], [1, 1]), []));

/** The pairs of a block, rows counted from its first; the others point at the padding column. */
function pairsOf(masked: tf.Tensor2D, start: number, count: number, columns: number): tf.Tensor2D {
  const [row, column] = tf.unstack(masked, 1);
  const local = tf.sub(row, tf.scalar(start, 'int32'));
  const inside = tf.logicalAnd(
    tf.greaterEqual(local, tf.scalar(0, 'int32')),
    tf.less(local, tf.scalar(count, 'int32')),
  );
  const none = (value: number) => tf.fill([masked.shape[0]], value, 'int32');
  return tf.stack(
    [tf.where(inside, local, none(0)), tf.where(inside, column, none(columns - 1))],
    1,
  ) as tf.Tensor2D;
}
