import type { Matrix } from '@towerkit/core';

import { addScaled } from './bag-tower.js';

/** A row times a matrix. @returns shape [matrix.cols] */
export function gemv(row: Float32Array, { rows, cols, data }: Matrix): Float32Array {
  const out = new Float32Array(cols);
  for (let k = 0; k < rows; k++) if (row[k] !== 0) addScaled(out, 0, data, k * cols, row[k], cols);
  return out;
}
