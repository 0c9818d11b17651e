import {
  TowerkitError,
  type CsrMatrix,
  type FitOptions,
  type Reason,
  type Recommender,
} from '@towerkit/core';

import { checkBatch, checkHistory, requireFitted, requireIndex } from '../recommender/check-batch.js';
import { mergedRows } from '../recommender/merged-rows.js';
import { pacer } from '../recommender/pace.js';
import { sortedReasons } from '../recommender/reasons.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { knnOptions, type KnnOptions } from './knn-options.js';
import { Similarity } from './similarity.js';
import { UserNeighbors } from './user-neighbors.js';

const DEFAULTS: Required<KnnOptions> = {
  similarity: 'tf-idf',
  neighbors: 200,
  shrinkage: 5,
  normalize: true,
  asymmetry: 0.4,
  k1: 1.2,
  b: 0.75,
};

/**
 * Scores an item by the users most like the history who have it: the sum of their similarities, times the values of
 * the matrix where it has any. Users are vectors over items; a history is one more of them, each item once.
 *
 * It keeps the matrix and searches it anew for each history. A user known by `users` is no neighbor of their own;
 * one who is not named finds their own row as the nearest, if they have one.
 *
 * Items that a user has several times count once, or with the sum of their values where the matrix has values.
 */
export class UserKnn extends ScoringRecommender implements Recommender {
  readonly kind = 'user-knn';
  readonly #options: Required<KnnOptions>;
  #neighbors: UserNeighbors | undefined;

  /**
   * @param options `similarity` 'tf-idf', `neighbors` 200, `shrinkage` 5, `normalize` true, `asymmetry` .4, `k1` 1.2
   *   and `b` .75 by default, chosen on the validation targets of three public sets
   * @throws TowerkitError `BAD_OPTION` naming the option
   */
  constructor(options: KnnOptions = {}) {
    super();
    this.#options = knnOptions(options, DEFAULTS);
  }

  get items(): number {
    return this.#neighbors?.vectors.cols ?? 0;
  }

  /** @throws TowerkitError `EMPTY_DATA` for a matrix without users or items, `BAD_VALUE` for a value below 0 or not finite */
  async fit(interactions: CsrMatrix, options: FitOptions = {}): Promise<void> {
    const pace = pacer(options, { total: interactions.rows, unit: 'users' });
    if (interactions.cols === 0 || interactions.rows === 0)
      throw new TowerkitError('EMPTY_DATA', `there are no ${interactions.cols === 0 ? 'items' : 'users'}`);
    const vectors = mergedRows(interactions);
    await pace(vectors.rows);
    this.#take(vectors);
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users, rows: this.#neighbors?.vectors.rows });
    const { vectors, best } = this.#neighbors!;
    const { cols: items, indptr, indices, values } = vectors;
    out.fill(0);
    for (let row = 0; row < histories.length; row++) {
      this.#neighbors!.find(histories[row], users ? users[row] : -1);
      const start = row * items;
      for (let n = 0; n < best.size; n++) {
        const user = best.ids[n];
        const similarity = best.values[n];
        for (let k = indptr[user]; k < indptr[user + 1]; k++)
          out[start + indices[k]] += values ? similarity * values[k] : similarity;
      }
    }
  }

  /**
   * What each item of the history adds to the score of `item`, as for an unknown user: the part of its neighbors'
   * similarities that comes from sharing it. The weights sum to the score.
   */
  explain(history: ArrayLike<number>, item: number): Reason[] {
    return this.explainAll(history, [item])[0];
  }

  /** {@link explain} of several items, in their order; the neighbors are looked for once. */
  explainAll(history: ArrayLike<number>, items: ArrayLike<number>): Reason[][] {
    requireFitted(this);
    checkHistory(history, this.items);
    const wanted = Array.from(items);
    for (const item of wanted) requireIndex('item', item, this.items);
    this.#neighbors!.find(history, -1);
    return wanted.map((item) => this.#reasons(item));
  }

  /** Reasons of an item for the history that neighbors were found for last. */
  #reasons(item: number): Reason[] {
    const found = this.#neighbors!;
    const { best, vectors, similarity } = found;
    const place = new Map<number, number>();
    for (let i = 0; i < found.length; i++) place.set(found.items[i], i);
    const weights = new Float64Array(found.length);
    for (let n = 0; n < best.size; n++) {
      const user = best.ids[n];
      const at = vectors.row(user).indexOf(item);
      if (at < 0) continue;
      const value = vectors.values ? vectors.values[vectors.indptr[user] + at] : 1;
      const each = value / found.denominator(user);
      for (let k = vectors.indptr[user]; k < vectors.indptr[user + 1]; k++) {
        const i = place.get(vectors.indices[k]);
        if (i !== undefined) weights[i] += found.weights[i] * similarity.entries[k] * each;
      }
    }
    return sortedReasons(Array.from(weights, (weight, i) => ({ item: found.items[i], weight })));
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { cols, indptr, indices, values } = this.#neighbors!.vectors;
    await saveModel(folder, this.kind, this.#options, {
      size: { shape: [1], data: Int32Array.of(cols) },
      indptr: { shape: [indptr.length], data: indptr },
      items: { shape: [indices.length], data: indices },
      ...(values && { values: { shape: [values.length], data: values } }),
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<UserKnn> {
    const saved = await SavedModel.read(folder, 'user-knn');
    const model = saved.build((options: KnnOptions) => new UserKnn(options));
    const [cols] = saved.ints('size', [1], 1);
    const names = { indptr: 'indptr', indices: 'items', ...(saved.has('values') && { values: 'values' }) };
    model.#take(saved.build(() => mergedRows(saved.csr(names, cols))));
    return model;
  }

  #take(vectors: CsrMatrix): void {
    const similarity = new Similarity(this.#options, vectors);
    this.#neighbors = new UserNeighbors(vectors, similarity, this.#options.neighbors);
  }
}
