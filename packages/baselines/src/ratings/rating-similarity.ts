import type { CsrMatrix } from '@towerkit/core';

/** How alike two users (or items) rate. */
export type RatingSimilarityKind = 'msd' | 'cosine' | 'pearson' | 'pearson-baseline';

/** What makes a similarity of sums over the ratings that two share. */
export interface RatingSimilarityOptions {
  readonly similarity: RatingSimilarityKind;
  /** Fewer shared ratings than this give a similarity of 0. */
  readonly minSupport: number;
  /** Of `pearson-baseline`: the weight of a correlation of 0, in shared ratings. */
  readonly shrinkage: number;
}

/**
 * Similarities of one rater at a time to all others, over the ratings they share, by the formulas of Surprise; nothing
 * of raters x raters is kept. With sums over the n shared ratings r of x and s of x':
 * - msd: 1 / (sum (r - s)^2 / n + 1)
 * - cosine: sum r s / sqrt(sum r^2 sum s^2)
 * - pearson: (n sum r s - sum r sum s) / sqrt((n sum r^2 - (sum r)^2) (n sum s^2 - (sum s)^2))
 * - pearson-baseline: the cosine of what is left of the ratings without their baselines, times (n - 1) / (n - 1 +
 *   shrinkage), where n is 2 at least (Koren 2010, "Factor in the neighbors")
 *
 * A denominator of 0 gives 0.
 */
export class RatingSimilarity {
  readonly #n: Int32Array;
  readonly #xy: Float64Array;
  readonly #xx: Float64Array;
  readonly #yy: Float64Array;
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  /**
   * @param raters ratings of each rater, a row each
   * @param rated the transpose: the raters of each thing
   * @param values of `raters`, what is compared: the ratings, or what is left of them for `pearson-baseline`
   * @param ratedValues the same of `rated`
   */
  constructor(
    readonly options: RatingSimilarityOptions,
    readonly raters: CsrMatrix,
    readonly rated: CsrMatrix,
    readonly values: ArrayLike<number>,
    readonly ratedValues: ArrayLike<number>,
  ) {
    const n = raters.rows;
    const sums = () => new Float64Array(n);
    this.#n = new Int32Array(n);
    [this.#xy, this.#xx, this.#yy, this.#x, this.#y] = [sums(), sums(), sums(), sums(), sums()];
  }

  /** Fills `out` with the similarities of rater `x` to all, shape [raters]. */
  of(x: number, out: Float64Array): void {
    const { similarity } = this.options;
    if (similarity === 'msd') this.#addDifferences(x);
    else this.#addProducts(x);
    const support =
      similarity === 'pearson-baseline' ? Math.max(2, this.options.minSupport) : this.options.minSupport;
    for (let y = 0; y < out.length; y++)
      out[y] = this.#n[y] < support || this.#n[y] === 0 ? 0 : this.#similarity(y);
  }

  #similarity(y: number): number {
    const n = this.#n[y];
    const xy = this.#xy[y];
    const squares = this.#xx[y] * this.#yy[y];
    const ratio = (product: number, norms: number) => (norms > 0 ? product / Math.sqrt(norms) : 0);
    switch (this.options.similarity) {
      case 'msd':
        return 1 / (xy / n + 1);
      case 'cosine':
        return ratio(xy, squares);
      case 'pearson': {
        const x1 = this.#x[y];
        const y1 = this.#y[y];
        return ratio(n * xy - x1 * y1, (n * this.#xx[y] - x1 * x1) * (n * this.#yy[y] - y1 * y1));
      }
      case 'pearson-baseline':
        return ratio(xy, squares) * ((n - 1) / (n - 1 + this.options.shrinkage) || 0);
    }
  }

  #addDifferences(x: number): void {
    const { raters, rated, values, ratedValues } = this;
    const n = this.#n.fill(0);
    const xy = this.#xy.fill(0);
    for (let k = raters.indptr[x]; k < raters.indptr[x + 1]; k++) {
      const value = values[k];
      const thing = raters.indices[k];
      for (let m = rated.indptr[thing]; m < rated.indptr[thing + 1]; m++) {
        const other = rated.indices[m];
        const difference = value - ratedValues[m];
        n[other]++;
        xy[other] += difference * difference;
      }
    }
  }

  #addProducts(x: number): void {
    const { raters, rated, values, ratedValues } = this;
    const n = this.#n.fill(0);
    const [xy, xx, yy] = [this.#xy.fill(0), this.#xx.fill(0), this.#yy.fill(0)];
    const [x1, y1] = [this.#x.fill(0), this.#y.fill(0)];
    for (let k = raters.indptr[x]; k < raters.indptr[x + 1]; k++) {
      const value = values[k];
      const thing = raters.indices[k];
      for (let m = rated.indptr[thing]; m < rated.indptr[thing + 1]; m++) {
        const other = rated.indices[m];
        const theirs = ratedValues[m];
        n[other]++;
        xy[other] += value * theirs;
        xx[other] += value * value;
        yy[other] += theirs * theirs;
        x1[other] += value;
        y1[other] += theirs;
      }
    }
  }
}
