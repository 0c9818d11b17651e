import { type CsrMatrix, requireCount } from '@towerkit/core';

import { BestFew } from '../knn/best-few.js';
import { requireNumber, requireOneOf } from '../recommender/check-options.js';
import { checkBiasOptions, fitBiases, type BiasOptions, type Biases } from './bias.js';
import { rowMeans } from './means.js';
import { checkPairs, checkScale, clip, fittedOr, ratingData, type RatingData } from './rating-data.js';
import type { RatingOptions, RatingPredictor } from './rating-predictor.js';
import { RatingSimilarity, type RatingSimilarityOptions } from './rating-similarity.js';

/** Settings of {@link UserKnnRatings} and {@link ItemKnnRatings}; Surprise's by default. */
export interface KnnRatingsOptions extends RatingOptions, Partial<RatingSimilarityOptions> {
  /** What of the neighbors' ratings is averaged; 'basic' by default. See {@link UserKnnRatings}. */
  readonly variant?: 'basic' | 'means' | 'z-score' | 'baseline';
  /** At most so many neighbors; 40 by default. */
  readonly neighbors?: number;
  /** With fewer neighbors of a similarity above 0, none is used; 1 by default. */
  readonly minNeighbors?: number;
  /** How the biases of `baseline` and `pearson-baseline` are fitted. */
  readonly biases?: Omit<BiasOptions, 'scale'>;
}

interface Fitted {
  readonly data: RatingData;
  /** A rater a row: users for UserKnn, items for ItemKnn. */
  readonly raters: CsrMatrix;
  readonly rated: CsrMatrix;
  readonly similarity: RatingSimilarity;
  /** A rating is center + spread * what neighbors say; of each rater. */
  readonly centers: Float64Array;
  readonly spreads: Float64Array | undefined;
  /** Of each rated thing, for `baseline`. */
  readonly ratedBiases: Float64Array | undefined;
}

abstract class KnnRatings implements RatingPredictor {
  readonly #options: KnnRatingsOptions & RatingSimilarityOptions;
  readonly #neighbors: number;
  readonly #minNeighbors: number;
  #fitted: Fitted | undefined;

  /** @throws TowerkitError `BAD_OPTION` naming the option */
  constructor(
    private readonly by: 'user' | 'item',
    { similarity = 'msd', minSupport = 1, shrinkage = 100, ...options }: KnnRatingsOptions = {},
  ) {
    const { variant = 'basic', neighbors = 40, minNeighbors = 1 } = options;
    requireOneOf('similarity', similarity, ['msd', 'cosine', 'pearson', 'pearson-baseline']);
    requireOneOf('variant', variant, ['basic', 'means', 'z-score', 'baseline']);
    requireCount('neighbors', neighbors);
    requireCount('minNeighbors', minNeighbors, 0);
    requireCount('minSupport', minSupport);
    requireNumber('shrinkage', shrinkage, 0);
    checkScale(options.scale);
    checkBiasOptions(options.biases ?? {});
    this.#options = { ...options, similarity, minSupport, shrinkage, variant };
    this.#neighbors = neighbors;
    this.#minNeighbors = minNeighbors;
  }

  fit(ratings: CsrMatrix): void {
    const { variant, similarity, scale } = this.#options;
    const data = ratingData(ratings, scale);
    const transposed = ratings.transpose();
    const [raters, rated] = this.by === 'user' ? [ratings, transposed] : [transposed, ratings];
    const fitted = variant === 'baseline' || similarity === 'pearson-baseline';
    const biases = fitted ? fitBiases(data, this.#options.biases) : undefined;
    const own = biases && (this.by === 'user' ? biases.user : biases.item);
    const theirs = biases && (this.by === 'user' ? biases.item : biases.user);
    const compared = (m: CsrMatrix, rows?: Float64Array, cols?: Float64Array) =>
      similarity === 'pearson-baseline' ? withoutBaseline(m, data.mean, rows!, cols!) : m.values!;
    this.#fitted = {
      data,
      raters,
      rated,
      similarity: new RatingSimilarity(
        this.#options,
        raters,
        rated,
        compared(raters, own, theirs),
        compared(rated, theirs, own),
      ),
      centers: variant === 'baseline' ? own!.map((bias) => data.mean + bias) : centersOf(raters, variant),
      spreads: variant === 'z-score' ? spreadsOf(raters, data) : undefined,
      ratedBiases: variant === 'baseline' ? theirs : undefined,
    };
  }

  /** Pairs are answered rater by rater: each rater among them costs one pass over the ratings they share with others. */
  predict(users: ArrayLike<number>, items: ArrayLike<number>): Float32Array {
    const fitted = fittedOr(this.constructor.name, this.#fitted);
    const { data, raters } = fitted;
    checkPairs(users, items, data.ratings);
    const [xs, ys] = this.by === 'user' ? [users, items] : [items, users];
    const out = new Float32Array(xs.length);
    const order = Uint32Array.from({ length: xs.length }, (_, pair) => pair);
    order.sort((a, b) => xs[a] - xs[b]);
    const similarities = new Float64Array(raters.rows);
    const best = new BestFew(this.#neighbors);
    let last = -1;
    for (const pair of order) {
      const [x, y] = [xs[pair], ys[pair]];
      const known = this.#knows(fitted, x, y);
      if (known && x !== last) fitted.similarity.of((last = x), similarities);
      const rating = known ? this.#estimate(fitted, x, y, similarities, best) : this.#without(fitted, x, y);
      out[pair] = clip(rating, data.scale);
    }
    return out;
  }

  #knows({ raters, rated }: Fitted, x: number, y: number): boolean {
    return (
      x >= 0 && y >= 0 && raters.indptr[x + 1] > raters.indptr[x] && rated.indptr[y + 1] > rated.indptr[y]
    );
  }

  #without({ data, centers, ratedBiases }: Fitted, x: number, y: number): number {
    return ratedBiases ? (centers[x] ?? data.mean) + (ratedBiases[y] ?? 0) : data.mean;
  }

  #estimate(fitted: Fitted, x: number, y: number, similarities: Float64Array, best: BestFew): number {
    const { data, rated, centers, spreads, ratedBiases } = fitted;
    best.clear();
    for (let m = rated.indptr[y]; m < rated.indptr[y + 1]; m++) {
      const other = rated.indices[m];
      if (other !== x && similarities[other] > 0) best.offer(m, similarities[other]);
    }
    const basic = this.#options.variant === 'basic';
    const base = ratedBiases ? ratedBiases[y] : 0;
    let sum = 0;
    let weights = 0;
    for (let n = 0; n < best.size; n++) {
      const other = rated.indices[best.ids[n]];
      const rating = rated.values![best.ids[n]];
      const left = basic ? rating : rating - centers[other] - base;
      sum += best.values[n] * (spreads ? left / spreads[other] : left);
      weights += best.values[n];
    }
    const enough = best.size > 0 && best.size >= this.#minNeighbors;
    if (basic) return enough ? sum / weights : data.mean;
    return centers[x] + base + (enough ? (sum / weights) * (spreads ? spreads[x] : 1) : 0);
  }
}

/** What raters' ratings are about, shape [raters]: 0, or their mean. */
function centersOf(raters: CsrMatrix, variant: KnnRatingsOptions['variant']): Float64Array {
  return variant === 'basic' ? new Float64Array(raters.rows) : rowMeans(raters);
}

/** Standard deviation of each rater's ratings; that of all ratings for a rater whose own is 0. */
function spreadsOf(raters: CsrMatrix, { mean, values }: RatingData): Float64Array {
  const deviation = (of: Float32Array, about: number) => {
    let squares = 0;
    for (const value of of) squares += (value - about) ** 2;
    return Math.sqrt(squares / of.length);
  };
  const all = deviation(values, mean) || 1;
  return rowMeans(raters).map((own, x) => {
    const spread = deviation(raters.values!.subarray(raters.indptr[x], raters.indptr[x + 1]), own);
    return spread > 0 ? spread : all;
  });
}

/** Ratings less mean and biases, shape [entries]. */
function withoutBaseline(
  m: CsrMatrix,
  mean: number,
  rows: Biases['user'],
  cols: Biases['item'],
): Float64Array {
  const left = new Float64Array(m.entries);
  for (let row = 0; row < m.rows; row++)
    for (let k = m.indptr[row]; k < m.indptr[row + 1]; k++)
      left[k] = m.values![k] - (mean + rows[row] + cols[m.indices[k]]);
  return left;
}

/**
 * Predicts a rating from those of the item's raters who are most like the user, weighted by their similarity: the
 * formulas of Surprise's KNNBasic, KNNWithMeans, KNNWithZScore and KNNBaseline. `variant` says what is averaged:
 * - `basic`: the ratings
 * - `means`: what they differ from their rater's mean, added to the user's mean
 * - `z-score`: that in standard deviations of their rater, times the user's
 * - `baseline`: what they differ from mean + biases, added to the pair's own
 *
 * Only similarities above 0 count; the nearest first, equal ones in order of rater. A rating is no neighbor of itself.
 * Without enough neighbors it predicts the mean of all ratings (`basic`), the user's mean, or the baseline; so it does
 * for unknown users and items, save that these have no mean of their own but that of all ratings.
 *
 * @example
 * ```ts
 * const model = new UserKnnRatings({ similarity: 'pearson-baseline', variant: 'baseline' });
 * model.fit(ratings);
 * model.predict([0, 0], [17, 4]); // Float32Array of two ratings
 * ```
 */
export class UserKnnRatings extends KnnRatings {
  constructor(options: KnnRatingsOptions = {}) {
    super('user', options);
  }
}

/** The same the other way round: from the user's ratings of the items most like the item. */
export class ItemKnnRatings extends KnnRatings {
  constructor(options: KnnRatingsOptions = {}) {
    super('item', options);
  }
}
