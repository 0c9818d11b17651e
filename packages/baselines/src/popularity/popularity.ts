import { TowerkitError, type CsrMatrix, type FitOptions, type Recommender } from '@towerkit/core';

import { checkBatch, requireFitted } from '../recommender/check-batch.js';
import { requireNumber } from '../recommender/check-options.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { decayedCounts } from './decayed-counts.js';

/** Settings of {@link Popularity}; with none, all interactions count alike. */
export interface PopularityOptions {
  /** Count what is at most this much older than the newest interaction alone; in the units of `times`. */
  readonly window?: number;
  /** An interaction this much older than the newest counts half, one twice as old a quarter; in the units of `times`. */
  readonly halfLife?: number;
}

/** How {@link Popularity} is fitted. */
export interface PopularityFitOptions extends FitOptions {
  /** When each entry of the matrix came about, shape [entries]; needed by `window` and `halfLife`. */
  readonly times?: ArrayLike<number>;
}

/**
 * Scores an item by how many interactions it has, of all time or of late; the same for every user. Equal counts are
 * recommended in order of id. Repetitions count; values of the matrix do not.
 *
 * @example
 * ```ts
 * const model = new Popularity({ window: 30 * 86_400 });
 * model.fit(split.train, { times: split.rows.train.map((row) => log.time[row]) });
 * ```
 */
export class Popularity extends ScoringRecommender implements Recommender {
  readonly kind = 'popularity';
  readonly #options: PopularityOptions;
  #counts: Float32Array = new Float32Array(0);

  /** @throws TowerkitError `BAD_OPTION` */
  constructor({ window, halfLife }: PopularityOptions = {}) {
    super();
    if (window !== undefined) requireNumber('window', window, 0);
    if (halfLife !== undefined) requireNumber('halfLife', halfLife, 0, { above: true });
    this.#options = { window, halfLife };
  }

  get items(): number {
    return this.#counts.length;
  }

  /** The score of each item, shape [items]: its count, weighted where there is a half-life. A copy. */
  get counts(): Float32Array {
    return this.#counts.slice();
  }

  /**
   * @throws TowerkitError `BAD_OPTION` when a window or a half-life has no times, `SHAPE_MISMATCH` when there are not
   *   as many as entries, `BAD_VALUE` for one that is not finite, `EMPTY_DATA` for a matrix without items
   */
  fit(interactions: CsrMatrix, { times, signal }: PopularityFitOptions = {}): void {
    signal?.throwIfAborted();
    if (interactions.cols === 0) throw new TowerkitError('EMPTY_DATA', 'there are no items to count');
    const { window, halfLife } = this.#options;
    if (window === undefined && halfLife === undefined) {
      this.#counts = Float32Array.from(interactions.columnCounts());
      return;
    }
    if (times === undefined)
      throw new TowerkitError('BAD_OPTION', `${window === undefined ? 'halfLife' : 'window'} needs times`, {
        hint: 'give fit() the time of each entry: fit(interactions, { times })',
        details: { option: window === undefined ? 'halfLife' : 'window' },
      });
    this.#counts = decayedCounts(interactions, times, window, halfLife);
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users });
    for (let row = 0; row < histories.length; row++) out.set(this.#counts, row * this.items);
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    await saveModel(folder, this.kind, this.#options, {
      counts: { shape: [this.items], data: this.#counts },
    });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<Popularity> {
    const saved = await SavedModel.read(folder, 'popularity');
    const model = saved.build((options: PopularityOptions) => new Popularity(options));
    model.#counts = saved.floats('counts', saved.shape('counts', 1));
    if (model.items === 0) throw saved.bad('it has no items');
    return model;
  }
}
