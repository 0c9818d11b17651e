import { type CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { job, type KernelPool } from '@towerkit/kernels/internal';

import type { BprMfSettings } from './bpr-options.js';

/** Standard deviation of the first vectors. */
const INITIAL = 0.1;
/** The learning rate of the last epoch, as a share of the first. */
const LAST = 0.01;

/** What BPR-MF learns: the score of item i for user u is p_u . q_i + b_i. */
export interface BprWeights {
  /** p, shape [users, factors]. */
  readonly users: Matrix;
  /** q, shape [items, factors]. */
  readonly items: Matrix;
  /** b, shape [items]. */
  readonly bias: Float32Array;
}

/** Vectors being trained by stochastic gradient steps, in a pool's memory. */
export class BprTraining {
  readonly #owners: Int32Array;
  readonly #indptr: Int32Array;
  readonly #indices: Int32Array;
  readonly #users: Float32Array;
  readonly #items: Float32Array;
  readonly #bias: Float32Array;
  readonly #state: Int32Array;
  /** Sum of the losses and number of steps, in float64. */
  readonly #loss: Float64Array;
  readonly #lossPlace: Float32Array;
  readonly #width: number;

  /** @param interactions distinct items per row, ascending; not without entries */
  constructor(
    private readonly pool: KernelPool,
    private readonly interactions: CsrMatrix,
    private readonly settings: BprMfSettings,
  ) {
    const { memory } = pool;
    const { rows, cols, indptr, entries } = interactions;
    this.#width = Math.ceil(settings.factors / 4) * 4;
    this.#owners = memory.ints(entries);
    for (let row = 0; row < rows; row++) this.#owners.fill(row, indptr[row], indptr[row + 1]);
    this.#indptr = memory.ints(indptr);
    this.#indices = memory.ints(interactions.indices);
    const rng = new Rng(settings.seed);
    this.#users = this.#vectors(rows, rng);
    this.#items = this.#vectors(cols, rng);
    this.#bias = memory.floats(cols);
    this.#state = memory.ints(rng.fork('triples').state.map((word) => word | 0));
    this.#lossPlace = memory.floats(4);
    this.#loss = new Float64Array(this.#lossPlace.buffer, this.#lossPlace.byteOffset, 2);
  }

  /** As many steps as there are interactions; returns their mean loss. */
  async epoch(epoch: number): Promise<number> {
    const { epochs, learningRate, regularization, biasRegularization, bias } = this.settings;
    const { entries, cols } = this.interactions;
    const rate = learningRate * (1 - ((1 - LAST) * (epoch - 1)) / Math.max(1, epochs - 1));
    this.#loss.fill(0);
    await this.pool.run(
      job(
        'bprEpoch',
        1,
        ...([this.#owners, this.#indptr, this.#indices, this.#users, this.#items, this.#bias] as const),
        ...([this.#state, this.#lossPlace, entries, entries, cols, 4 * this.#width] as const),
        ...([rate, regularization, bias ? rate : 0, biasRegularization] as const),
      ),
    );
    return this.#loss[1] === 0 ? 0 : this.#loss[0] / this.#loss[1];
  }

  weights(): BprWeights {
    const { rows, cols } = this.interactions;
    return {
      users: this.#copy(this.#users, rows),
      items: this.#copy(this.#items, cols),
      bias: this.#bias.slice(),
    };
  }

  #vectors(rows: number, rng: Rng): Float32Array {
    const { factors } = this.settings;
    const out = this.pool.memory.floats(rows * this.#width);
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < factors; i++) out[row * this.#width + i] = INITIAL * rng.normal();
    return out;
  }

  #copy(vectors: Float32Array, rows: number): Matrix {
    const { factors } = this.settings;
    const out = new Matrix(rows, factors);
    for (let row = 0; row < rows; row++)
      out.row(row).set(vectors.subarray(row * this.#width, row * this.#width + factors));
    return out;
  }
}
