import { Rng, type CsrMatrix } from '@towerkit/core';
import { job, type KernelPool } from '@towerkit/kernels/internal';

import type { SvdSettings } from './svd-options.js';

/** What SGD learns: copies, or arrays of the kernels' memory. */
export interface SvdParameters {
  /** Shape [users] and [items]. */
  readonly userBias: Float32Array;
  readonly itemBias: Float32Array;
  /** Shape [users, factors] and [items, factors]. */
  readonly userFactors: Float32Array;
  readonly itemFactors: Float32Array;
}

/**
 * Stochastic gradient descent, one rating after the other in the order of the matrix, by a kernel on the calling
 * thread: e = r - (mean + b_u + b_i + q_i.p_u), and every parameter goes by learningRate (e * its partner -
 * regularization * itself).
 */
export class SvdTraining {
  readonly #stride: number;
  readonly #parameters: SvdParameters;
  readonly #data: readonly [Int32Array, Int32Array, Float32Array];

  /** @param mean of the ratings */
  constructor(
    private readonly pool: KernelPool,
    private readonly ratings: CsrMatrix,
    private readonly settings: SvdSettings,
    private readonly mean: number,
  ) {
    const { rows, cols, indptr, indices, values } = ratings;
    const { memory } = pool;
    this.#stride = 4 * Math.ceil(settings.factors / 4);
    this.#data = [memory.ints(indptr), memory.ints(indices), memory.floats(values!)];
    const rng = new Rng(settings.seed);
    this.#parameters = {
      userBias: memory.floats(rows),
      itemBias: memory.floats(cols),
      userFactors: this.#normal(rows, rng),
      itemFactors: this.#normal(cols, rng),
    };
  }

  /** Learns from the ratings of the users from `from` to before `to`. */
  step(from: number, to: number): void {
    const { userBias, itemBias, userFactors, itemFactors } = this.#parameters;
    const { learningRate, regularization, biased } = this.settings;
    const keep = 1 - learningRate * regularization;
    this.pool.call(
      job(
        'svdEpoch',
        1,
        ...this.#data,
        userBias,
        itemBias,
        userFactors,
        itemFactors,
        from,
        to,
        4 * this.#stride,
        learningRate,
        keep,
        biased ? this.mean : 0,
        biased ? 1 : 0,
      ),
    );
  }

  /** What was learned, copied; zeros for users and items without ratings. */
  finish(): SvdParameters {
    const { rows, indptr } = this.ratings;
    const ratingsOfUser = Int32Array.from({ length: rows }, (_, user) => indptr[user + 1] - indptr[user]);
    const { userBias, itemBias, userFactors, itemFactors } = this.#parameters;
    return {
      userBias: userBias.slice(),
      itemBias: itemBias.slice(),
      userFactors: this.#dense(userFactors, ratingsOfUser),
      itemFactors: this.#dense(itemFactors, this.ratings.columnCounts()),
    };
  }

  #normal(rows: number, rng: Rng): Float32Array {
    const { factors, initialDeviation } = this.settings;
    const out = this.pool.memory.floats(rows * this.#stride);
    for (let row = 0; row < rows; row++)
      for (let f = 0; f < factors; f++) out[row * this.#stride + f] = initialDeviation * rng.normal();
    return out;
  }

  #dense(padded: Float32Array, counts: Int32Array): Float32Array {
    const { factors } = this.settings;
    const out = new Float32Array(counts.length * factors);
    for (let row = 0; row < counts.length; row++)
      if (counts[row] > 0)
        out.set(padded.subarray(row * this.#stride, row * this.#stride + factors), row * factors);
    return out;
  }
}
