import {
  topK,
  TowerkitError,
  type CsrMatrix,
  type FitOptions,
  type Matrix,
  type Reason,
  type Recommendations,
  type Recommender,
  type VectorScores,
} from '@towerkit/core';

import { confidences } from './confidences.js';
import { explainer } from './explain.js';
import { factorize, type Factors, type Start } from './factorize.js';
import { checkIndex, historyMatrix, valuesOf } from './histories.js';
import { lossOf } from './loss-of.js';
import { readModel, writeModel } from './model-file.js';
import { settings, type AlsOptions, type Settings } from './options.js';
import { Serving } from './serving.js';
import { similar } from './similar.js';

/** How a fit reports, is stopped and starts. */
export interface AlsFitOptions extends FitOptions {
  /**
   * Factors to begin with, from an earlier fit or elsewhere. Each iteration solves the items from the users first; given
   * items alone, the users are first solved from them.
   */
  readonly start?: Start;
}

/** About 16 MiB of scores at a time. */
const SCORES_AT_ONCE = 1 << 22;

/**
 * Implicit-feedback matrix factorization by alternating least squares: Hu, Koren and Volinsky 2008, with the
 * frequency-scaled regularization of Rendle et al. 2021. It makes the sum of c (p - x_u y_i)^2 over all pairs of a user and an
 * item, plus the regularization of every vector, small: p = 1 and c = unobservedWeight + alpha * value where there is an entry, p = 0 and
 * c = unobservedWeight where there is none. The entries of a pair add up; one of 0 is as none.
 *
 * @example
 * ```ts
 * const als = new Als({ factors: 64 });
 * await als.fit(interactions); // users x items
 * const [best] = await als.recommend([[3, 14, 15]], 10); // for anybody with these items
 * await als.dispose();
 * ```
 */
export class Als implements Recommender {
  readonly kind = 'als';
  readonly #options: AlsOptions;
  readonly #settings: Settings;
  #model: Factors | undefined;
  #serving: Serving | undefined;

  /** @throws TowerkitError `BAD_OPTION` naming the option */
  constructor(options: AlsOptions = {}) {
    this.#settings = settings(options);
    this.#options = { ...options };
  }

  /** Number of items, 0 before it is fitted. */
  get items(): number {
    return this.#model?.items.rows ?? 0;
  }

  /** Shape [users, factors]. @throws TowerkitError `NOT_FITTED` */
  get userFactors(): Matrix {
    return this.#fitted().users;
  }

  /** Shape [items, factors]. @throws TowerkitError `NOT_FITTED` */
  get itemFactors(): Matrix {
    return this.#fitted().items;
  }

  /** Factors of the items, and of users by their histories. @throws TowerkitError `NOT_FITTED` */
  get vectorScores(): VectorScores {
    const { items } = this.#fitted();
    return { items, users: (histories) => this.foldInUsers(historyMatrix(histories, items.rows, 'item')) };
  }

  /**
   * Learns factors of the users and items of a matrix. Empty rows and columns get zeros. `onProgress` hears of every
   * iteration, with the figures `seconds` and, where asked for, `loss`.
   *
   * @throws TowerkitError `BAD_VALUE` naming the row of a value that is negative or not finite; `EMPTY_DATA`;
   *   `SHAPE_MISMATCH` for start factors that do not fit; `TOO_LARGE` where matrix and factors exceed 4 GiB
   */
  async fit(interactions: CsrMatrix, options: AlsFitOptions = {}): Promise<void> {
    this.#model = await factorize(interactions, this.#settings, options);
    await this.dispose();
  }

  /**
   * The vector of a user who was not there, or whose items have changed, without another fit; that of a user of the fit
   * from the same entries is the same.
   *
   * @param items of the user
   * @param values one per item, 1 each by default
   * @returns shape [factors]
   * @throws TowerkitError `NOT_FITTED`, `OUT_OF_RANGE`, `BAD_VALUE`, `SHAPE_MISMATCH`
   */
  async foldInUser(items: ArrayLike<number>, values?: ArrayLike<number>): Promise<Float32Array> {
    const row = historyMatrix([items], this.#fitted().items.rows, 'item', valuesOf(items, values));
    return (await this.foldInUsers(row)).data;
  }

  /** {@link foldInUser} for each row of a matrix [rows, items]: shape [rows, factors]. */
  async foldInUsers(rows: CsrMatrix): Promise<Matrix> {
    this.#checkColumns(rows, this.#fitted().items.rows, 'items');
    return this.#server().foldInUsers(confidences(rows, this.#settings.alpha));
  }

  /** The vector of an item that was not there, from the users who have it; see {@link foldInUser}. */
  async foldInItem(users: ArrayLike<number>, values?: ArrayLike<number>): Promise<Float32Array> {
    const row = historyMatrix([users], this.#fitted().users.rows, 'user', valuesOf(users, values));
    return (await this.foldInItems(row)).data;
  }

  /** {@link foldInItem} for each row of a matrix [rows, users]: shape [rows, factors]. */
  async foldInItems(rows: CsrMatrix): Promise<Matrix> {
    this.#checkColumns(rows, this.#fitted().users.rows, 'users');
    return this.#server().foldInItems(confidences(rows, this.#settings.alpha));
  }

  /** Scores by folding the histories in; who the users are does not matter. */
  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    const { items } = this.#fitted();
    if (out.length !== histories.length * items.rows || (users && users.length !== histories.length))
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${histories.length} histories over ${items.rows} items do not fit ${out.length} scores` +
          (users ? ` and ${users.length} users` : ''),
      );
    const rows = historyMatrix(histories, items.rows, 'item');
    await this.#server().score(confidences(rows, this.#settings.alpha), out);
  }

  async recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
  ): Promise<Recommendations[]> {
    const { rows: items } = this.#fitted().items;
    checkCount(k);
    if (users && users.length !== histories.length)
      throw new TowerkitError('SHAPE_MISMATCH', `${histories.length} histories but ${users.length} users`);
    const size = Math.max(1, Math.min(512, Math.floor(SCORES_AT_ONCE / items)));
    const scores = new Float32Array(Math.min(size, histories.length) * items);
    const found: Recommendations[] = [];
    for (let from = 0; from < histories.length; from += size) {
      const batch = histories.slice(from, from + size);
      const out = scores.subarray(0, batch.length * items);
      await this.score(batch, out);
      batch.forEach((history, row) =>
        found.push(topK(out.subarray(row * items, (row + 1) * items), k, history)),
      );
    }
    return found;
  }

  /**
   * Which items of a history, or of the values it comes with, the score of `item` comes from: the terms of the score
   * (Hu et al. 2008, section 5), which sum to it up to rounding. Items that come more than once are one reason.
   */
  async explain(history: ArrayLike<number>, item: number, values?: ArrayLike<number>): Promise<Reason[]> {
    return (await this.explainAll(history, [item], values))[0];
  }

  /** {@link explain} of several items, in their order; the history is factored once for all of them. */
  async explainAll(
    history: ArrayLike<number>,
    items: ArrayLike<number>,
    values?: ArrayLike<number>,
  ): Promise<Reason[][]> {
    const { items: factors, regularization } = this.#fitted();
    const wanted = Array.from(items);
    for (const item of wanted) checkIndex('item', item, factors.rows);
    const row = historyMatrix([history], factors.rows, 'item', valuesOf(history, values));
    const gains = confidences(row, this.#settings.alpha);
    const { gram, width } = await this.#server().itemGram();
    const terms = { unobservedWeight: regularization.unobservedWeight, lambda: regularization.of(gains)[0] };
    const read = { items: gains.indices, gains: gains.values! };
    return wanted.map(explainer(factors, gram, width, terms, read));
  }

  /** The `k` items most like one by the cosine of their vectors, that item left out. */
  similarItems(item: number, k: number): Recommendations {
    return this.#similar('item', this.#fitted().items, item, k);
  }

  /** The `k` users of the fit most like one by the cosine of their vectors, that user left out. */
  similarUsers(user: number, k: number): Recommendations {
    return this.#similar('user', this.#fitted().users, user, k);
  }

  /** The loss of the factors over a matrix of the users and items of the fit; see {@link lossOf}. */
  async loss(interactions: CsrMatrix): Promise<number> {
    return lossOf(interactions, this.#fitted(), this.#settings);
  }

  /** Writes `als.safetensors`: both sides' factors and the options. */
  async save(folder: string): Promise<void> {
    await writeModel(folder, this.#options, this.#fitted());
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<Als> {
    const { options, model } = await readModel(folder);
    const als = new Als(options);
    als.#model = model;
    return als;
  }

  /** Ends the threads that folding in and scoring started; they start again when they are needed. */
  async dispose(): Promise<void> {
    const serving = this.#serving;
    this.#serving = undefined;
    await serving?.close();
  }

  #similar(what: 'item' | 'user', vectors: Matrix, row: number, k: number): Recommendations {
    checkIndex(what, row, vectors.rows);
    checkCount(k);
    return similar(vectors, row, k);
  }

  #fitted(): Factors {
    if (this.#model) return this.#model;
    throw new TowerkitError('NOT_FITTED', 'the ALS model is not fitted', {
      hint: 'call fit() or Als.load()',
    });
  }

  #server(): Serving {
    return (this.#serving ??= new Serving(this.#fitted(), this.#settings.threads));
  }

  #checkColumns({ cols }: CsrMatrix, expected: number, what: string): void {
    if (cols !== expected)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a matrix of ${cols} columns, but there are ${expected} ${what}`,
      );
  }
}

function checkCount(k: number): void {
  if (!Number.isSafeInteger(k) || k < 0)
    throw new TowerkitError('OUT_OF_RANGE', `k must be a count, got ${k}`, { details: { k } });
}
