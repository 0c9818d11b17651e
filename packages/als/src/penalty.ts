import type { CsrMatrix } from '@towerkit/core';

/**
 * Lambda of each row: scale * (confidence of the row)^exponent, where the confidence is that of all its entries,
 * observed or not: sum of gains + unobservedWeight * columns (Rendle et al. 2021, "Revisiting the Performance of iALS on
 * Item Recommendation Benchmarks", equation 5, generalised from counts to confidences).
 */
export class Penalty {
  /** @param scale lambda where the exponent is 0 */
  constructor(
    readonly scale: number,
    readonly exponent: number,
    readonly unobservedWeight: number,
  ) {}

  /**
   * The penalty whose mean over all rows of both sides is `regularization`, so that a good value stays about as good for
   * another exponent.
   */
  static normalised(
    regularization: number,
    exponent: number,
    unobservedWeight: number,
    sides: readonly CsrMatrix[],
  ): Penalty {
    const plain = new Penalty(1, exponent, unobservedWeight);
    let [sum, rows] = [0, 0];
    for (const side of exponent === 0 ? [] : sides) {
      for (const lambda of plain.of(side)) sum += lambda;
      rows += side.rows;
    }
    return new Penalty(
      Math.fround(sum === 0 ? regularization : (regularization * rows) / sum),
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
