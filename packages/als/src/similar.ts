import { topK, type Matrix, type Recommendations } from '@towerkit/core';

/** The rows nearest to one by the cosine, itself left out; a row of zeros is as near as a right angle to all. */
export function similar(vectors: Matrix, row: number, k: number): Recommendations {
  const { rows, cols, data } = vectors;
  const own = vectors.row(row);
  const size = Math.hypot(...own);
  const scores = new Float32Array(rows);
  for (let other = 0; other < rows; other++) {
    let [product, square] = [0, 0];
    for (let i = 0; i < cols; i++) {
      const value = data[other * cols + i];
      product += value * own[i];
      square += value * value;
    }
    scores[other] = product === 0 ? 0 : product / (size * Math.sqrt(square));
  }
  return topK(scores, k, [row]);
}
