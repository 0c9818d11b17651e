import { expect } from '@jest/globals';
import type { CsrMatrix, Recommender } from '@towerkit/core';

/** Every row of a matrix as a history. */
export const historiesOf = (m: CsrMatrix): Int32Array[] =>
  Array.from({ length: m.rows }, (_, row) => m.row(row));

/** 0 .. n - 1. */
export const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** Scores of some histories, in one batch, into a buffer that held something else. */
export async function scoresOf(
  model: Recommender,
  histories: readonly ArrayLike<number>[],
  users?: ArrayLike<number>,
): Promise<Float32Array> {
  const out = new Float32Array(histories.length * model.items).fill(NaN);
  await model.score(histories, out, users);
  return out;
}

/** The largest difference of two arrays relative to the largest entry of the second; NaN where either has one. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, largest] = [0, 1e-12];
  for (let i = 0; i < b.length; i++) {
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    largest = Math.max(largest, Math.abs(b[i]));
  }
  return a.length === b.length ? difference / largest : NaN;
}

/** Expects `act` to fail with an error of the given code, thrown or rejected. */
export async function throwsCode(act: () => unknown, code: string): Promise<void> {
  await expect((async () => act())()).rejects.toMatchObject({ name: 'TowerkitError', code });
}
