import { Matrix, TowerkitError, type CsrMatrix, type Reason, type Recommender } from '@towerkit/core';
import { dot, KernelPool } from '@towerkit/kernels/internal';

import { EmbeddingScores } from '../embeddings/embedding-scores.js';
import { runEpochs, type EpochFitOptions } from '../epochs/run-epochs.js';
import { checkBatch, checkHistory, requireFitted, requireIndex } from '../recommender/check-batch.js';
import { mergedRows } from '../recommender/merged-rows.js';
import { distinctItems, weightiestFirst } from '../recommender/reasons.js';
import { SavedModel, saveModel, storedMatrix } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { lightGcnSettings, type LightGcnOptions, type LightGcnSettings } from './light-gcn-options.js';
import { LightGcnTraining, type LightGcnWeights } from './light-gcn-training.js';

/**
 * LightGCN (He et al. 2020): embeddings of users and items, averaged over the layers of a propagation through the
 * graph of interactions, trained with BPR or a softmax over drawn negatives, by Adam on all of them at once.
 *
 * The final embedding of a user with the items N is
 *
 *     e_u = alpha e_u0 + sum over i in N of t_i / sqrt(|N|),    t_i = alpha / sqrt(|N_i|) (e_i0 + .. + e_i(K-1))
 *
 * Somebody unknown has no e_u0 but has a history: the sum alone is the embedding, which is exact for a graph to which
 * that user is added without changing the items. A known user's history is the one that was fitted. Repeated entries
 * are one; values only say whether an entry counts (0 does not).
 *
 * @example
 * ```ts
 * const model = new LightGcn({ epochs: 30 });
 * await model.fit(histories, { onEpoch: ({ seconds }) => ({ stop: seconds > 600 }) });
 * const [first] = await model.recommend([[3, 8]], 10);
 * await model.dispose();
 * ```
 */
export class LightGcn extends ScoringRecommender implements Recommender {
  readonly kind = 'lightgcn';
  readonly #settings: LightGcnSettings;
  #weights: LightGcnWeights | undefined;
  #scores: EmbeddingScores | undefined;

  /** @throws TowerkitError `BAD_OPTION` */
  constructor(options: LightGcnOptions = {}) {
    super();
    this.#settings = lightGcnSettings(options);
  }

  get items(): number {
    return this.#weights?.items.rows ?? 0;
  }

  /** Final embeddings of the users that were fitted, [users, factors]. */
  get userEmbeddings(): Matrix {
    return this.#fitted().users;
  }

  /** Final embeddings of the items, [items, factors]. */
  get itemEmbeddings(): Matrix {
    return this.#fitted().items;
  }

  /**
   * @throws TowerkitError `EMPTY_DATA` for a matrix without an interaction, `BAD_VALUE` naming the row of a value that
   *   is negative or not finite, `DIVERGED`, `TOO_LARGE` when the training does not fit into 4 GiB
   */
  async fit(interactions: CsrMatrix, options: EpochFitOptions<LightGcn> = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const rows = mergedRows(interactions);
    if (rows.entries === 0) throw new TowerkitError('EMPTY_DATA', 'there are no interactions to learn from');
    const settings = this.#settings;
    const pool = new KernelPool({ threads: settings.threads, scratch: 4 * settings.negatives + 64 });
    try {
      const training = new LightGcnTraining(pool, rows, settings);
      const weights = await runEpochs(
        {
          epochs: settings.epochs,
          epoch: (epoch) => training.epoch(epoch),
          weights: () => training.weights(),
          model: (current) => LightGcn.#of(settings, current),
        },
        options,
      );
      await this.dispose();
      this.#set(weights);
    } finally {
      await pool.close();
    }
  }

  /** Inner products of final embeddings. A history is read where the user is unknown. */
  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    checkBatch(this, histories, { out, users, rows: this.#weights?.users.rows });
    const { factors } = this.#settings;
    const vectors = new Matrix(histories.length, factors);
    histories.forEach((history, row) => {
      const user = users?.[row] ?? -1;
      if (user === -1) this.#foldIn(distinctItems(history), vectors.row(row));
      else vectors.row(row).set(this.#weights!.users.row(user));
    });
    await this.#scores!.score(vectors, out);
  }

  /**
   * The terms t_i . e_item / sqrt(|N|) of the score for somebody unknown with this history; a known user's score has
   * alpha e_u0 . e_item beside them.
   */
  explain(history: ArrayLike<number>, item: number): Reason[] {
    const { items, terms } = this.#fitted();
    checkHistory(history, this.items);
    requireIndex('item', item, this.items);
    const own = distinctItems(history);
    const target = items.row(item);
    return weightiestFirst(
      own.map((one) => ({ item: one, weight: dot(terms.row(one), target) / Math.sqrt(own.length) })),
    );
  }

  async save(folder: string): Promise<void> {
    const { users, items, terms } = this.#fitted();
    await saveModel(folder, this.kind, this.#settings, {
      users: storedMatrix(users),
      items: storedMatrix(items),
      terms: storedMatrix(terms),
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<LightGcn> {
    const saved = await SavedModel.read(folder, 'lightgcn');
    const settings = saved.build((options: LightGcnOptions) => lightGcnSettings(options));
    const matrix = (name: string) => {
      const [rows] = saved.shape(name, 2);
      return new Matrix(rows, settings.factors, saved.floats(name, [rows, settings.factors]));
    };
    const weights = { users: matrix('users'), items: matrix('items'), terms: matrix('terms') };
    if (weights.items.rows === 0 || weights.terms.rows !== weights.items.rows)
      throw saved.bad(`it has ${weights.items.rows} items and ${weights.terms.rows} terms`);
    return LightGcn.#of(settings, weights);
  }

  /** Ends the threads that score. */
  async dispose(): Promise<void> {
    const scores = this.#scores;
    this.#weights = this.#scores = undefined;
    await scores?.dispose();
  }

  static #of(settings: LightGcnSettings, weights: LightGcnWeights): LightGcn {
    const model = new LightGcn(settings);
    model.#set(weights);
    return model;
  }

  #set(weights: LightGcnWeights): void {
    this.#weights = weights;
    this.#scores = new EmbeddingScores(weights.items, this.#settings.threads);
  }

  #fitted(): LightGcnWeights {
    requireFitted(this);
    return this.#weights!;
  }

  #foldIn(history: readonly number[], out: Float32Array): void {
    const { data, cols } = this.#weights!.terms;
    const scale = 1 / Math.sqrt(history.length);
    for (const item of history) for (let i = 0; i < cols; i++) out[i] += scale * data[item * cols + i];
  }
}
