import type { Als } from '@towerkit/als';
import { Matrix } from '@towerkit/core';

/** Regularization of an item's bias: as many ratings of bias 0 are added to its own, as in `Bias` of `@towerkit/baselines`. */
export const ITEM_REGULARIZATION = 10;

/** What is fitted before the networks, on training rows only: ALS and biases. */
export interface Foundation {
  readonly als: Als;
  /** Factors that give user and item vectors a mean length of 1. */
  readonly scales: { readonly user: number; readonly item: number };
  readonly mean: number;
  /** How much better than the mean each item is rated, [items]. */
  readonly itemBias: Float64Array;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
}

/** The factors that give user and item vectors of ALS a mean length of 1. */
export const scalesOf = ({ userFactors, itemFactors }: Als): Foundation['scales'] => ({
  user: unitScale(userFactors),
  item: unitScale(itemFactors),
});

/** The factor that gives rows a mean length of 1, those of zeros aside. */
function unitScale({ rows, cols, data }: Matrix): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let c = row * cols; c < (row + 1) * cols; c++) square += data[c] * data[c];
    if (square === 0) continue;
    sum += Math.sqrt(square);
    count++;
  }
  return count > 0 ? count / sum : 1;
}

/** Item features as the item tower reads them: scaled ALS factors and the text's vector, [items, factors + text]. */
export const itemFeatures = ({ als, scales }: Foundation, texts: Matrix): Matrix =>
  sideBySide(als.itemFactors.rows, scaled(als.itemFactors, scales.item), texts);

/** Every value of a matrix times one number. */
export const scaled = ({ rows, cols, data }: Matrix, factor: number): Matrix =>
  new Matrix(
    rows,
    cols,
    data.map((value) => value * factor),
  );

/** Matrices of as many rows, next to each other. */
export function sideBySide(rows: number, ...parts: readonly Matrix[]): Matrix {
  const out = new Matrix(
    rows,
    parts.reduce((sum, { cols }) => sum + cols, 0),
  );
  for (let row = 0; row < rows; row++) {
    let at = row * out.cols;
    for (const part of parts) {
      out.data.set(part.row(row), at);
      at += part.cols;
    }
  }
  return out;
}

/** A rating minus the mean and its item's bias. */
export const residualOf = ({ mean, itemBias }: Foundation, item: number, rating: number): number =>
  rating - mean - itemBias[item];
