import { Rng, type CsrMatrix } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';
import type { TwoTower } from '@towerkit/towers';

import type { Batch } from '../batches/batch.js';
import { knownItems } from '../batches/targets.js';
import type { Progress } from '../checkpoint/checkpoint.js';
import { unseenItems, type TrainingData } from '../data.js';
import { computeItemVectors } from '../inference/item-vectors.js';
import type { ModelState } from '../tables/model-state.js';
import { nearestItems } from './nearest-items.js';
import { hardnessAt, type HardSettings, type Ranks } from './options.js';

/** What a place without a hard negative adds to its score. */
const ABSENT = -1e9;

/** What hard negatives are drawn of, and when. */
export interface HardNegativesRun {
  readonly settings: HardSettings;
  readonly model: TwoTower;
  readonly data: TrainingData;
  readonly state: ModelState;
  readonly engine: Engine;
  readonly seed: number;
  /** Threads of the index; one per core by default. */
  readonly threads?: number;
  /** Epochs that ramps stretch over. */
  readonly epochs: number;
  /** Whether items that stand in no history may come. */
  readonly unseen: boolean;
}

/** Where a batch stands in a run. */
type Place = Pick<Progress, 'step' | 'epoch' | 'batch'>;

/**
 * Adds hard negatives to batches. Drawn beside the worker, right before a step: they depend on the weights, and so on all
 * steps before, which batches made ahead know nothing of. The lists they are drawn from are part of a checkpoint.
 */
export class HardNegatives {
  /** The items nearest to each item when the index was last built, [items, ranks]. */
  lists: Int32Array | undefined;

  readonly #ranks: number;
  readonly #known: CsrMatrix;
  readonly #barred: readonly number[];
  /** Number of the mark that says an item is in the batch, and its row: [items]. */
  readonly #rowMark: Int32Array;
  readonly #row: Int32Array;
  /** Number of the mark that says an item is the present user's: [items]. */
  readonly #ownMark: Int32Array;
  /** Items that an example can get, while they are drawn: [ranks]. */
  readonly #open: Int32Array;
  #mark = 0;
  #user = 0;

  constructor(readonly run: HardNegativesRun) {
    const { settings, data, unseen } = run;
    const { histories, examples } = data;
    this.#ranks = Math.max(settings.ranks.from[1], settings.ranks.to[1]);
    this.#known = examples ? knownItems(histories, examples) : histories;
    this.#barred = unseen ? [] : unseenItems(data);
    this.#rowMark = new Int32Array(histories.cols);
    this.#row = new Int32Array(histories.cols);
    this.#ownMark = new Int32Array(histories.cols);
    this.#open = new Int32Array(this.#ranks);
  }

  /** Shape of {@link lists}. */
  get shape(): readonly [items: number, ranks: number] {
    return [this.run.data.histories.cols, this.#ranks];
  }

  /**
   * A batch with the rows of its hard negatives behind its others, from an index that is built anew where the step is due for
   * it. The draws follow from the lists, the seed, the epoch and the number of the batch.
   *
   * @param place which step it is, from 0, and which batch of which epoch
   */
  async addTo(batch: Batch, place: Place): Promise<Batch> {
    if (!this.lists || place.step % this.run.settings.refresh === 0) await this.#index();
    return this.#add(batch, place);
  }

  async #index(): Promise<void> {
    const { model, state, data, engine, threads } = this.run;
    const vectors = await computeItemVectors(model, state, data.histories.cols, engine);
    this.lists = await nearestItems(
      vectors,
      model.dimensions - model.biasColumns,
      this.#ranks,
      this.#barred,
      threads,
    );
  }

  #add(batch: Batch, place: Place): Batch {
    const { settings, seed, epochs } = this.run;
    const { count } = settings;
    const { ranks, share } = hardnessAt(settings, place.epoch, epochs);
    const rng = new Rng(seed).fork('hard').fork(place.epoch).fork(place.batch);
    const places = batch.positives.length * count;
    const rows = new Int32Array(places);
    const offsets = new Float32Array(places).fill(ABSENT);
    let { itemCount } = batch;
    const inBatch = ++this.#mark;
    for (let row = 0; row < itemCount; row++) this.#place(batch.items[row], row, inBatch);
    let user = -1;
    for (let position = 0; position < batch.examples; position++) {
      const own = batch.users[batch.positionUser[position]];
      if (own !== user) this.#markOwn((user = own));
      if (rng.uniform() >= share) continue;
      const target = batch.items[batch.positives[position]];
      const drawn = this.#draw(target, ranks, rng);
      for (let k = 0; k < drawn; k++) {
        const item = this.#open[k];
        if (this.#rowMark[item] !== inBatch) {
          batch.items[itemCount] = item;
          this.#place(item, itemCount++, inBatch);
        }
        rows[position * count + k] = this.#row[item];
        offsets[position * count + k] = 0;
      }
    }
    return { ...batch, itemCount, hard: rows, hardOffsets: offsets };
  }

  #place(item: number, row: number, mark: number): void {
    this.#rowMark[item] = mark;
    this.#row[item] = row;
  }

  #markOwn(user: number): void {
    for (const item of this.#known.row(user)) this.#ownMark[item] = user + 1;
    this.#user = user + 1;
  }

  /**
   * Puts some of the target's list between two ranks to the front of `#open`: none twice, none that the user has had.
   *
   * @returns how many
   */
  #draw(target: number, [first, last]: Ranks, rng: Rng): number {
    const open = this.#open;
    let length = 0;
    for (let rank = first; rank <= last; rank++) {
      const item = this.lists![target * this.#ranks + rank - 1];
      if (item >= 0 && this.#ownMark[item] !== this.#user) open[length++] = item;
    }
    const wanted = Math.min(this.run.settings.count, length);
    for (let k = 0; k < wanted; k++) {
      const other = k + rng.integer(length - k);
      const item = open[k];
      open[k] = open[other];
      open[other] = item;
    }
    return wanted;
  }
}
