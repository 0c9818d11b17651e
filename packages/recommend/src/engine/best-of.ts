import { topK } from '@towerkit/core';

import type { RankedItems } from './question.js';

/** The best k of a row of scores, without those denied and, where they are given, within those allowed. */
export function bestOf(
  scores: Float32Array,
  k: number,
  deny: Iterable<number>,
  allow?: Float64Array,
): RankedItems {
  let row = scores;
  if (allow) {
    row = new Float32Array(scores.length).fill(-Infinity);
    for (const item of allow) row[item] = scores[item];
  }
  const { items, scores: best } = topK(row, k, [...deny]);
  const finite = allow ? best.findIndex((score) => score === -Infinity) : -1;
  const end = finite < 0 ? items.length : finite;
  return { items: Array.from(items.subarray(0, end)), scores: Array.from(best.subarray(0, end)) };
}

/** Whether these say nothing: a vector that is like no other, or scores of which none is above another. */
export function isZero(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return values.length > 0;
}

/** The inner product of two vectors of one length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
