import type { CsrMatrix } from '@towerkit/core';

/**
 * The regularization of each row, lambda: scale * (confidence of the row)^exponent, where the confidence is that of all its entries,
 * observed or not: sum of gains + unobservedWeight * columns (Rendle et al. 2021, "Revisiting the Performance of iALS on
 * Item Recommendation Benchmarks", equation 5, generalized from counts to confidences).
 */
export class RowRegularization {
  /** @param scale lambda where the exponent is 0 */
  constructor(
    readonly scale: number,
    readonly exponent: number,
    readonly unobservedWeight: number,
  ) {}

  /**
   * The regularization whose mean over all rows of both sides is `mean`, so that a good value stays about as good for
   * another exponent.
   */
  static normalized(
    mean: number,
    exponent: number,
    unobservedWeight: number,
    sides: readonly CsrMatrix[],
  ): RowRegularization {
    const plain = new RowRegularization(1, exponent, unobservedWeight);
    let [sum, rows] = [0, 0];
    for (const side of exponent === 0 ? [] : sides) {
      for (const lambda of plain.of(side)) sum += lambda;
      rows += side.rows;
    }
    return new RowRegularization(
      Math.fround(sum === 0 ? mean : (mean * rows) / sum),
      exponent,
      unobservedWeight,
    );
  }

  /** Lambda of every row of a matrix of gains, shape [rows]. */
  of({ rows, cols, indptr, values }: CsrMatrix): Float32Array {
    const out = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      let confidence = this.unobservedWeight * cols;
      for (let k = indptr[row]; k < indptr[row + 1]; k++) confidence += values![k];
      out[row] = this.scale * confidence ** this.exponent;
    }
    return out;
  }
}
