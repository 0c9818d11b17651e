import {
  type CsrMatrix,
  TowerkitError,
  type FitOptions,
  type Reason,
  type Recommender,
} from '@towerkit/core';

import { checkBatch, checkHistory, requireFitted, requireIndex } from '../recommender/check-batch.js';
import { mergedRows } from '../recommender/merged-rows.js';
import { pacer } from '../recommender/pace.js';
import { distinctItems, sortedReasons } from '../recommender/reasons.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { knnOptions, type KnnOptions } from './knn-options.js';
import { neighborLists } from './neighbor-lists.js';
import { Similarity } from './similarity.js';

const DEFAULTS: Required<KnnOptions> = {
  similarity: 'tf-idf',
  neighbors: 200,
  shrinkage: 20,
  normalize: true,
  asymmetry: 0.8,
  k1: 1.2,
  b: 0.75,
};

/**
 * Scores an item by how similar it is to the items of the history: the sum of their similarities (Deshpande and
 * Karypis 2004). Items are vectors over users; each item keeps the `neighbors` items most similar to it.
 *
 * Items that a user has several times count once, or with the sum of their values where the matrix has values;
 * an item stands once in a history however often it is repeated there.
 *
 * @example
 * ```ts
 * const model = new ItemKnn();
 * await model.fit(split.train);
 * const [{ items }] = await model.recommend([[4, 8, 15]], 10);
 * ```
 */
export class ItemKnn extends ScoringRecommender implements Recommender {
  readonly kind = 'item-knn';
  readonly #options: Required<KnnOptions>;
  /** Items x items: in row h, the items whose neighbor h is, and how similar they are. */
  #similar: CsrMatrix | undefined;
  #seenIn: Int32Array = new Int32Array(0);

  /**
   * @param options `similarity` 'tf-idf', `neighbors` 200, `shrinkage` 20, `normalize` true, `asymmetry` .8, `k1` 1.2
   *   and `b` .75 by default, chosen on the validation targets of three public sets
   * @throws TowerkitError `BAD_OPTION` naming the option
   */
  constructor(options: KnnOptions = {}) {
    super();
    this.#options = knnOptions(options, DEFAULTS);
  }

  get items(): number {
    return this.#similar?.rows ?? 0;
  }

  /** @throws TowerkitError `EMPTY_DATA` for a matrix without items, `BAD_VALUE` for a value below 0 or not finite */
  async fit(interactions: CsrMatrix, options: FitOptions = {}): Promise<void> {
    const pace = pacer(options, { total: interactions.cols, unit: 'items' });
    if (interactions.cols === 0) throw new TowerkitError('EMPTY_DATA', 'there are no items');
    const vectors = mergedRows(interactions).transpose();
    const similarity = new Similarity(this.#options, vectors);
    const lists = await neighborLists(vectors, similarity, this.#options.neighbors, pace);
    this.#take(lists.transpose());
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users });
    const { rows: items, indptr, indices, values } = this.#similar!;
    const seenIn = this.#seenIn.fill(-1);
    out.fill(0);
    for (let row = 0; row < histories.length; row++) {
      const history = histories[row];
      const start = row * items;
      for (let i = 0; i < history.length; i++) {
        const known = history[i];
        if (seenIn[known] === row) continue;
        seenIn[known] = row;
        for (let k = indptr[known]; k < indptr[known + 1]; k++) out[start + indices[k]] += values![k];
      }
    }
  }

  /** The similarity of each item of the history to `item`, where there is one: they sum to the score. */
  explain(history: ArrayLike<number>, item: number): Reason[] {
    requireFitted(this);
    checkHistory(history, this.items);
    requireIndex('item', item, this.items);
    return sortedReasons(
      distinctItems(history).map((known) => ({
        item: known,
        weight: this.similarity(known, item),
      })),
    );
  }

  /** How similar `item` is to `known`; 0 where `known` is none of its neighbors. */
  similarity(known: number, item: number): number {
    requireFitted(this);
    requireIndex('item', known, this.items);
    requireIndex('item', item, this.items);
    const { indptr, values } = this.#similar!;
    const at = this.#similar!.row(known).indexOf(item);
    return at < 0 ? 0 : values![indptr[known] + at];
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { indptr, indices, values } = this.#similar!;
    await saveModel(folder, this.kind, this.#options, {
      indptr: { shape: [indptr.length], data: indptr },
      items: { shape: [indices.length], data: indices },
      similarities: { shape: [indices.length], data: values! },
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<ItemKnn> {
    const saved = await SavedModel.read(folder, 'item-knn');
    const model = saved.build((options: KnnOptions) => new ItemKnn(options));
    const items = saved.shape('indptr', 1)[0] - 1;
    model.#take(saved.csr({ indptr: 'indptr', indices: 'items', values: 'similarities' }, items));
    return model;
  }

  #take(similar: CsrMatrix): void {
    this.#similar = similar;
    this.#seenIn = new Int32Array(similar.rows);
  }
}
