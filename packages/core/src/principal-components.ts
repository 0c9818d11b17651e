import { Matrix } from './matrix.js';
import type { Rng } from './rng.js';

import { TowerkitError } from './errors.js';

const ROUNDS = 200;
const TOLERANCE = 1e-7;

/**
 * The first principal components of the rows, by power iteration with deflation: each row's coordinates along the directions in which
 * the rows differ most.
 *
 * @param rows [n, dimensions]
 * @param count how many components; those beyond the rank of the rows are 0
 * @param rng where the iteration starts
 * @returns coordinates, [n, count], and the share of the variance that each component has, [count]
 * @throws TowerkitError `SHAPE_MISMATCH` for more components than dimensions
 */
export function principalComponents(
  { rows, cols, data }: Matrix,
  count: number,
  rng: Rng,
): { readonly coordinates: Matrix; readonly shares: Float64Array } {
  if (count > cols)
    throw new TowerkitError('SHAPE_MISMATCH', `${cols} dimensions have no ${count} components`);
  const covariance = covarianceOf(rows, cols, data);
  let total = 0;
  for (let c = 0; c < cols; c++) total += covariance.matrix[c * cols + c];
  const coordinates = new Matrix(rows, count);
  const shares = new Float64Array(count);
  for (let component = 0; component < count; component++) {
    const { vector, value } = leading(covariance.matrix, cols, rng);
    shares[component] = total > 0 ? value / total : 0;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let c = 0; c < cols; c++) sum += (data[row * cols + c] - covariance.means[c]) * vector[c];
      coordinates.data[row * count + component] = sum;
    }
    for (let i = 0; i < cols; i++)
      for (let j = 0; j < cols; j++) covariance.matrix[i * cols + j] -= value * vector[i] * vector[j];
  }
  return { coordinates, shares };
}

function covarianceOf(rows: number, cols: number, data: ArrayLike<number>) {
  const means = new Float64Array(cols);
  for (let row = 0; row < rows; row++) for (let c = 0; c < cols; c++) means[c] += data[row * cols + c] / rows;
  const matrix = new Float64Array(cols * cols);
  const centered = new Float64Array(cols);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < cols; c++) centered[c] = data[row * cols + c] - means[c];
    for (let i = 0; i < cols; i++)
      for (let j = 0; j < cols; j++) matrix[i * cols + j] += (centered[i] * centered[j]) / rows;
  }
  return { means, matrix };
}

/** The direction of most variance, and its variance; 0 where none is left. */
function leading(matrix: Float64Array, size: number, rng: Rng): { vector: Float64Array; value: number } {
  let vector = Float64Array.from({ length: size }, () => rng.uniform() - 0.5);
  let value = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) next[i] += matrix[i * size + j] * vector[j];
    const norm = Math.hypot(...next);
    if (norm < 1e-12) return { vector: new Float64Array(size), value: 0 };
    for (let i = 0; i < size; i++) next[i] /= norm;
    const change = Math.abs(norm - value);
    [vector, value] = [next, norm];
    if (round > 0 && change < TOLERANCE * norm) break;
  }
  return { vector, value };
}
