import type { Matrix } from '@towerkit/core';

/** Scales every row to a length of 1, in place; rows of zeros stay. */
export function normalizeRows({ data, rows, cols }: Matrix): void {
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * cols, (row + 1) * cols];
    let square = 0;
    for (let i = from; i < to; i++) square += data[i] * data[i];
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let i = from; i < to; i++) data[i] *= scale;
  }
}
