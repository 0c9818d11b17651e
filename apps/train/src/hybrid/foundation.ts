import { Als } from '@towerkit/als';
import { Bias } from '@towerkit/baselines';
import { CsrMatrix, Matrix, type FitOptions } from '@towerkit/core';

import { ratingsOf } from './split.js';
import type { Reviews } from './read-reviews.js';
import type { HybridConfig } from './schema.js';

/** Ratings of a bias of 0 that every item is given beside its own, as in {@link Bias}. */
export const ITEM_REGULARIZATION = 10;

/** What is learnt before any network is, from training rows alone. */
export interface Foundation {
  readonly als: Als;
  /** What user and item factors are multiplied with: their mean length is then 1. */
  readonly scales: { readonly user: number; readonly item: number };
  readonly mean: number;
  /** How much better than the mean each item is rated, [items]. */
  readonly itemBias: Float64Array;
  /** Training rows of each item, [items]. */
  readonly counts: Int32Array;
}

/** ALS of what people took; nobody in particular is left out, so that anonymous users have vectors of zeros. */
export async function fitAls(
  { log, anonymous }: Pick<Reviews, 'log' | 'anonymous'>,
  train: Int32Array,
  options: HybridConfig['als'],
  { seed, threads, ...fit }: { seed: number; threads?: number } & FitOptions,
): Promise<Als> {
  const { rows, cols, indptr, indices } = ratingsOf(
    log,
    train.filter((row) => !anonymous[log.user[row]]),
  );
  const als = new Als({ ...options, seed, threads });
  await als.fit(new CsrMatrix(rows, cols, indptr, indices), fit);
  return als;
}

/** Fits the biases, and ALS where it is not fitted yet. */
export async function layFoundation(
  reviews: Pick<Reviews, 'log' | 'anonymous'>,
  train: Int32Array,
  { als: options, scale }: Pick<HybridConfig, 'als' | 'scale'>,
  { seed, threads, als: fitted, ...fit }: { seed: number; threads?: number; als?: Als } & FitOptions,
): Promise<Foundation> {
  const ratings = ratingsOf(reviews.log, train);
  const als = fitted ?? (await fitAls(reviews, train, options, { seed, threads, ...fit }));
  const bias = new Bias({ scale, itemRegularization: ITEM_REGULARIZATION });
  bias.fit(ratings);
  return {
    als,
    scales: layScales(als),
    mean: bias.mean,
    itemBias: bias.itemBiases,
    counts: ratings.columnCounts(),
  };
}

/** What user and item factors are multiplied with. */
export const layScales = ({ userFactors, itemFactors }: Als): Foundation['scales'] => ({
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
