import { TowerkitError, type CsrMatrix, type FitOptions, type Recommender } from '@towerkit/core';

import { checkBatch, requireFitted } from '../recommender/check-batch.js';
import { SavedModel, saveModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';

/**
 * Scores an item by how often it is in the user's own history, items that are there equally often (or not at all) by their
 * number of training interactions: the reference of next-basket recommendation, where people buy again what they bought
 * (Li, Jullien, Ariannezhad, de Rijke 2023, "A next basket recommendation reality check": P-TopFreq and GP-TopFreq).
 *
 * A score is the count in the history plus a share below 1 that rises with popularity; so it says something only where items
 * of the history are ranked (`repeats` other than `exclude`): without them it is popularity. With counts in the thousands
 * the shares of items of a history may be equal in 32-bit floats.
 *
 * @example
 * ```ts
 * const model = new PersonalPopularity();
 * model.fit(histories);
 * model.score([[2, 0, 2]], scores); // item 2 before item 0, then all others by popularity
 * ```
 */
export class PersonalPopularity extends ScoringRecommender implements Recommender {
  readonly kind = 'personal-popularity';
  #counts: Float32Array = new Float32Array(0);
  /** In [0, 1), ascending with the count, equal where counts are: [items]. */
  #shares: Float32Array = new Float32Array(0);

  /** A model of known counts. @param counts training interactions of each item, [items] */
  static of(counts: ArrayLike<number>): PersonalPopularity {
    const model = new PersonalPopularity();
    model.#counts = Float32Array.from(counts);
    model.#shares = sharesOf(model.#counts);
    return model;
  }

  get items(): number {
    return this.#counts.length;
  }

  /** The training interactions of each item, shape [items]. A copy. */
  get counts(): Float32Array {
    return this.#counts.slice();
  }

  /** @throws TowerkitError `EMPTY_DATA` for a matrix without items */
  fit(interactions: CsrMatrix, { signal }: FitOptions = {}): void {
    signal?.throwIfAborted();
    if (interactions.cols === 0) throw new TowerkitError('EMPTY_DATA', 'there are no items to count');
    this.#counts = Float32Array.from(interactions.columnCounts());
    this.#shares = sharesOf(this.#counts);
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users });
    for (let row = 0; row < histories.length; row++) {
      const start = row * this.items;
      out.set(this.#shares, start);
      const history = histories[row];
      for (const [item, count] of countsIn(history)) out[start + item] += count;
    }
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    await saveModel(folder, this.kind, {}, { counts: { shape: [this.items], data: this.#counts } });
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<PersonalPopularity> {
    const saved = await SavedModel.read(folder, 'personal-popularity');
    const model = PersonalPopularity.of(saved.floats('counts', saved.shape('counts', 1)));
    if (model.items === 0) throw saved.bad('it has no items');
    return model;
  }
}

/** The place of each count among the distinct ones, divided by one more than there are. */
function sharesOf(counts: Float32Array): Float32Array {
  const distinct = [...new Set(counts)].sort((a, b) => a - b);
  const shareOf = new Map(distinct.map((count, place) => [count, place / (distinct.length + 1)]));
  return counts.map((count) => shareOf.get(count)!);
}

function countsIn(history: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < history.length; i++) counts.set(history[i], (counts.get(history[i]) ?? 0) + 1);
  return counts;
}
