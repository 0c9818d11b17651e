import { Matrix, TowerkitError, type CsrMatrix, type FitOptions, type Recommender } from '@towerkit/core';

import { checkBatch, requireFitted } from '../recommender/check-batch.js';
import { SavedModel, saveModel, storedMatrix } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';

/** Options of {@link NearestPlace.fit}. */
export interface NearestPlaceFitOptions extends FitOptions {
  /**
   * Where each item is, in coordinates whose straight distances count, such as x, y, z in kilometres from the centre of the Earth:
   * [items, 3]. NaN where a place is not known. Default: those that a fitted model has.
   */
  readonly positions?: Matrix;
}

/** Kilometres through the Earth and a little more: an item of unknown place is farther than any other. */
const BEYOND = 12_800;

/**
 * Scores an item by how near it is to the last item of the history whose place is known: the reference of next-place
 * recommendation. A score is minus the distance; items as far as each other go by their number of training interactions, and so do all
 * items where no place of the history is known.
 *
 * @example
 * ```ts
 * const positions = new Matrix(3, 3, Float32Array.of(0, 0, 0, 1, 0, 0, 5, 0, 0));
 * const model = new NearestPlace();
 * model.fit(histories, { positions });
 * model.score([[0]], scores); // 0, -1, -5, and less than .001 for popularity
 * ```
 */
export class NearestPlace extends ScoringRecommender implements Recommender {
  readonly kind = 'nearest-place';
  #positions = new Matrix(0, 3);
  /** In [0, .001), ascending with the count: [items]. */
  #shares: Float32Array = new Float32Array(0);

  get items(): number {
    return this.#positions.rows;
  }

  /**
   * @throws TowerkitError `BAD_OPTION` without positions; `SHAPE_MISMATCH` unless they are three for each item; `EMPTY_DATA` for a
   *   matrix without items
   */
  fit(interactions: CsrMatrix, { positions = this.#known, signal }: NearestPlaceFitOptions = {}): void {
    signal?.throwIfAborted();
    const { cols } = interactions;
    if (cols === 0) throw new TowerkitError('EMPTY_DATA', 'there are no items to rank');
    if (!positions)
      throw new TowerkitError('BAD_OPTION', 'positions must say where the items are', {
        hint: 'give {positions} beside the interactions, a row of three for each item',
        details: { option: 'positions' },
      });
    if (positions.rows !== cols || positions.cols !== 3)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${cols} items need positions of the shape [${cols}, 3], not [${positions.rows}, ${positions.cols}]`,
      );
    const counts = interactions.columnCounts();
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    this.#shares = Float32Array.from(counts, (count) => (0.001 * count) / (most + 1));
    this.#positions = new Matrix(cols, 3, Float32Array.from(positions.data));
  }

  score(histories: readonly ArrayLike<number>[], out: Float32Array, users?: ArrayLike<number>): void {
    checkBatch(this, histories, { out, users });
    const { items } = this;
    for (let row = 0; row < histories.length; row++) {
      const scores = out.subarray(row * items, (row + 1) * items);
      const last = this.#lastKnown(histories[row]);
      for (let item = 0; item < items; item++)
        scores[item] = this.#shares[item] - (last === undefined ? 0 : this.#distance(last, item));
    }
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    // Files hold finite numbers alone: what is not known is said by a tensor of its own.
    const known = Int32Array.from({ length: this.items }, (_, item) => Number(this.#isKnown(item)));
    const positions = this.#positions.data.map((value) => (Number.isNaN(value) ? 0 : value));
    await saveModel(
      folder,
      this.kind,
      {},
      {
        positions: storedMatrix(new Matrix(this.items, 3, positions)),
        known: { shape: [this.items], data: known },
        shares: { shape: [this.items], data: this.#shares },
      },
    );
  }

  /** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
  static async load(folder: string): Promise<NearestPlace> {
    const saved = await SavedModel.read(folder, 'nearest-place');
    const [items] = saved.shape('positions', 2);
    if (items === 0) throw saved.bad('it has no items');
    const known = saved.ints('known', [items], 0, 2);
    const positions = saved.floats('positions', [items, 3]);
    const model = new NearestPlace();
    model.#shares = saved.floats('shares', [items]);
    model.#positions = new Matrix(
      items,
      3,
      Float32Array.from(positions, (value, place) => (known[Math.floor(place / 3)] ? value : NaN)),
    );
    return model;
  }

  get #known(): Matrix | undefined {
    return this.items > 0 ? this.#positions : undefined;
  }

  #isKnown = (item: number): boolean => this.#positions.row(item).every((value) => !Number.isNaN(value));

  #lastKnown(history: ArrayLike<number>): number | undefined {
    for (let place = history.length - 1; place >= 0; place--)
      if (this.#isKnown(history[place])) return history[place];
    return undefined;
  }

  #distance(from: number, to: number): number {
    const { data } = this.#positions;
    const [a, b] = [3 * from, 3 * to];
    const distance = Math.hypot(data[a] - data[b], data[a + 1] - data[b + 1], data[a + 2] - data[b + 2]);
    return Number.isNaN(distance) ? BEYOND : distance;
  }
}
