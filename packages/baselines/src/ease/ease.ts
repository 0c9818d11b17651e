import {
  type CsrMatrix,
  type FitOptions,
  type Reason,
  type Recommender,
  requireCount,
  TowerkitError,
} from '@towerkit/core';
import { job, KernelPool, SPD_ROWS, SPMM_ROWS } from '@towerkit/kernels/internal';

import { checkBatch, checkHistory, requireFitted, requireIndex } from '../recommender/check-batch.js';
import { requireNumber } from '../recommender/check-options.js';
import { mergedRows } from '../recommender/merged-rows.js';
import { pacer } from '../recommender/pace.js';
import { distinctItems, weightiestFirst } from '../recommender/reasons.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { gramMatrix } from './gram-matrix.js';
import { invertSymmetric, sweepFloats } from './invert-symmetric.js';

/** What a WebAssembly memory can hold, less some room for all else. */
const MOST = 4 * 2 ** 30 - 2 ** 24;
/** Scores computed at a time, 16 MiB. */
const SCORES = 2 ** 22;

/** Settings of {@link Ease}. */
export interface EaseOptions {
  /** Weight of the squares of B, lambda: 100 by default. */
  readonly regularization?: number;
  /** Bytes that a fit may take for its dense matrices, 1 GiB by default; 4 GiB is what WebAssembly can hold. */
  readonly maxMemory?: number;
  /** One per core by default. */
  readonly threads?: number;
}

/**
 * EASE (Steck 2019, "Embarrassingly Shallow Autoencoders for Sparse Data"): the linear model X B of a history X that
 * reconstructs it with the least squares and no item explaining itself. In closed form, with P = (X'X + lambda I)^-1,
 *
 *     B[i, j] = -P[i, j] / P[j, j]    B[j, j] = 0
 *
 * B is dense, items x items: 4 bytes times the square of the items, which is why it refuses large catalogs.
 *
 * Entries of one item in a row are one. Without values they count 1; with values the fit takes X as it is, while
 * histories to be scored are of ones.
 *
 * @example
 * ```ts
 * const model = new Ease({ regularization: 200 });
 * await model.fit(histories);
 * const [first] = await model.recommend([[3, 8]], 10);
 * await model.dispose();
 * ```
 */
export class Ease extends ScoringRecommender implements Recommender {
  readonly kind = 'ease';
  readonly #options: Required<Omit<EaseOptions, 'threads'>> & Pick<EaseOptions, 'threads'>;
  #items = 0;
  #pool: KernelPool | undefined;
  /** B, rows padded to a multiple of 4, in the memory of the pool. */
  #weights: Float32Array = new Float32Array(0);

  /** @throws TowerkitError `BAD_OPTION` */
  constructor({ regularization = 100, maxMemory = 2 ** 30, threads }: EaseOptions = {}) {
    super();
    requireNumber('regularization', regularization, 0, { above: true });
    requireNumber('maxMemory', maxMemory, 0, { above: true });
    if (threads !== undefined) requireCount('threads', threads);
    this.#options = { regularization, maxMemory, threads };
  }

  get items(): number {
    return this.#items;
  }

  /**
   * @throws TowerkitError `TOO_LARGE` naming the bytes it would need, `EMPTY_DATA` for a matrix without items,
   *   `BAD_VALUE` naming the row of a value that is negative or not finite, `NOT_POSITIVE_DEFINITE`
   */
  async fit(interactions: CsrMatrix, options: FitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const items = interactions.cols;
    if (items === 0) throw new TowerkitError('EMPTY_DATA', 'there are no items to learn of');
    requireMemory(items, this.#options.maxMemory);
    const rows = mergedRows(interactions);
    const pool = new KernelPool({ threads: this.#options.threads });
    try {
      const stride = padded(items);
      const weights = pool.memory.floats(items * stride);
      const pace = pacer(options, { total: 2 * items, unit: 'items' });
      await gramMatrix(rows, rows.transpose(), this.#options.regularization, weights, stride, pace);
      await invertSymmetric(pool, items, weights, stride, (done) => pace(items + done));
      const inverses = pool.memory.floats(items);
      for (let item = 0; item < items; item++) inverses[item] = -1 / weights[item * stride + item];
      await pool.run(job('easeWeights', Math.ceil(items / SPD_ROWS), items, weights, 4 * stride, inverses));
      await this.dispose();
      this.#set(items, pool, weights);
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** The sum of the history's rows of B; an item that a history repeats counts once. */
  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    checkBatch(this, histories, { out, users });
    const { items } = this;
    const stride = padded(items);
    const { memory } = this.#pool!;
    const atOnce = Math.max(1, Math.min(SPMM_ROWS, Math.floor(SCORES / stride)));
    for (let from = 0; from < histories.length; from += atOnce) {
      const batch = histories.slice(from, from + atOnce).map(distinctItems);
      const mark = memory.mark();
      const indptr = memory.ints(batch.length + 1).fill(0, 0, 1);
      batch.forEach((history, row) => (indptr[row + 1] = indptr[row] + history.length));
      const indices = memory.ints(indptr[batch.length]);
      const ones = memory.floats(indices.length).fill(1);
      batch.forEach((history, row) => indices.set(history, indptr[row]));
      const scores = memory.floats(batch.length * stride);
      const sizes = [batch.length, 4 * stride] as const;
      // One thread and no waiting: the rows of B come from main memory, which one thread keeps busy.
      this.#pool!.call(job('spmm', 1, indptr, indices, ones, this.#weights, scores, ...sizes));
      for (let row = 0; row < batch.length; row++)
        out.set(scores.subarray(row * stride, row * stride + items), (from + row) * items);
      memory.release(mark);
    }
  }

  /** The terms of the score: B[i, item] for each item i of the history. */
  explain(history: ArrayLike<number>, item: number): Reason[] {
    requireFitted(this);
    checkHistory(history, this.items);
    requireIndex('item', item, this.items);
    const stride = padded(this.items);
    return weightiestFirst(
      distinctItems(history).map((one) => ({ item: one, weight: this.#weights[one * stride + item] })),
    );
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { items } = this;
    const stride = padded(items);
    const data = new Float32Array(items * items);
    for (let row = 0; row < items; row++)
      data.set(this.#weights.subarray(row * stride, row * stride + items), row * items);
    await saveModel(folder, this.kind, this.#options, { weights: { shape: [items, items], data } });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<Ease> {
    const saved = await SavedModel.read(folder, 'ease');
    const model = saved.build((options: EaseOptions) => new Ease(options));
    const [items] = saved.shape('weights', 2);
    if (items === 0) throw saved.bad('it has no items');
    const data = saved.floats('weights', [items, items]);
    const stride = padded(items);
    const pool = new KernelPool({ threads: model.#options.threads });
    const weights = pool.memory.floats(items * stride);
    for (let row = 0; row < items; row++)
      weights.set(data.subarray(row * items, (row + 1) * items), row * stride);
    model.#set(items, pool, weights);
    return model;
  }

  async dispose(): Promise<void> {
    const pool = this.#pool;
    this.#items = 0;
    this.#pool = undefined;
    this.#weights = new Float32Array(0);
    await pool?.close();
  }

  #set(items: number, pool: KernelPool, weights: Float32Array): void {
    this.#items = items;
    this.#pool = pool;
    this.#weights = weights;
  }
}

/** A kernel's rows are a multiple of 16 bytes. */
const padded = (items: number) => Math.ceil(items / 4) * 4;

function requireMemory(items: number, limit: number): void {
  const bytes = 4 * (items * padded(items) + sweepFloats(items));
  if (bytes <= Math.min(limit, MOST)) return;
  const [needed, allowed] = [bytes, Math.min(limit, MOST)].map((size) => (size / 2 ** 30).toFixed(2));
  throw new TowerkitError(
    'TOO_LARGE',
    `EASE on ${items} items needs ${bytes} bytes (${needed} GiB) for its dense matrix, ${allowed} GiB are allowed`,
    {
      hint:
        bytes <= MOST
          ? `raise maxMemory to ${bytes} or more, or use ItemKnn, which keeps a few neighbors of each item`
          : 'a WebAssembly memory holds 4 GiB at most: use ItemKnn, which keeps a few neighbors of each item',
      details: { bytes, maxMemory: limit, items },
    },
  );
}
