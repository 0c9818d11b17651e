import { isTowerkitError, Matrix, TowerkitError } from '@towerkit/core';
import { Turns } from '@towerkit/kernels/internal';

import { checkAttributes } from '../../checks/attributes.js';
import { checkIds, idsOf } from '../../checks/ids.js';
import { checkFilter, positiveInteger } from '../../checks/options.js';
import { checkQuery, checkVectors, prepared } from '../../checks/vectors.js';
import { saveIndex } from '../../files/saved-index.js';
import { parsePredicate } from '../../filter/predicate.js';
import type {
  AddOptions,
  BuildOptions,
  Filter,
  IndexStats,
  Metric,
  Neighbors,
  SearchOptions,
  Tunable,
  VectorIndex,
} from '../../vector-index.js';
import { kBest } from './k-best.js';
import type { Rows, Store, StoreFilter } from './store.js';

/** Values of ef worth trying. */
const EFS = [16, 32, 64, 128, 256, 512];

/** What the index is called and compares by. */
export interface About {
  readonly driver: string;
  readonly dimensions: number;
  readonly metric: Metric;
}

/** An index that a database holds: checks at the door and changes in turn, in front of a {@link Store}. */
export class DatabaseIndex implements VectorIndex {
  readonly driver: string;
  readonly dimensions: number;
  readonly metric: Metric;
  readonly tunable: Tunable;
  readonly #store: Store;
  readonly #turns = new Turns();
  #closed = false;

  constructor({ driver, dimensions, metric }: About, store: Store) {
    [this.driver, this.dimensions, this.metric, this.#store] = [driver, dimensions, metric, store];
    this.tunable = {
      name: 'ef',
      values: EFS,
      get value() {
        return store.ef;
      },
      set(value) {
        positiveInteger('ef', value, 1000);
        store.ef = value;
      },
    };
  }

  get size(): number {
    return this.#store.size;
  }

  async build(vectors: Matrix, options: BuildOptions = {}): Promise<void> {
    const rows = this.#rows(vectors, options);
    options.signal?.throwIfAborted();
    await this.#inTurn(() => this.#store.replace(rows, options));
  }

  async add(vectors: Matrix, options: AddOptions): Promise<void> {
    const rows = this.#rows(vectors, { ...options, ids: options?.ids ?? [] });
    if (rows.ids.length > 0) await this.#inTurn(() => this.#store.upsert(rows));
  }

  async remove(ids: ArrayLike<number>): Promise<void> {
    this.#open();
    checkIds(ids);
    const copy = Float64Array.from(ids);
    if (copy.length > 0) await this.#inTurn(() => this.#store.remove(copy));
  }

  async search(query: Float32Array, k: number, options: SearchOptions = {}): Promise<Neighbors> {
    this.#open();
    checkQuery(query, this.dimensions);
    const [found] = await this.#search(new Matrix(1, this.dimensions, query), k, options);
    return found;
  }

  async searchBatch(queries: Matrix, k: number, options: SearchOptions = {}): Promise<Neighbors[]> {
    this.#open();
    checkVectors(queries, this.dimensions);
    return this.#search(queries, k, options);
  }

  /** Writes what is needed to find the index again, without the connection; the items stay in the database. */
  async save(path: string): Promise<void> {
    await this.#inTurn(async () => {
      const { driver, dimensions, metric, size } = this;
      const settings = { ...this.#store.settings, ef: this.#store.ef };
      await saveIndex(path, { driver, dimensions, metric, size, settings }, async () => {});
    });
  }

  async stats(): Promise<IndexStats> {
    this.#open();
    const { driver, dimensions, metric } = this;
    const bytes = await this.#store.bytes();
    const settings = { ...this.#store.settings, ef: this.#store.ef };
    return { driver, dimensions, metric, size: this.size, bytes, settings };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.take(() => this.#store.close());
  }

  async #search(queries: Matrix, k: number, { filter = {} }: SearchOptions): Promise<Neighbors[]> {
    positiveInteger('k', k);
    checkFilter(filter);
    if (queries.rows === 0) return [];
    const { rows, cols, data } = queries;
    const compared = new Matrix(rows, cols, prepared(data, cols, this.metric));
    return kBest(this.#store, compared, k, await this.#parsed(filter));
  }

  /** Attributes that others added since are asked for before one is called unknown. */
  async #parsed({ where, ...ids }: Filter): Promise<StoreFilter> {
    if (where === undefined) return ids;
    try {
      return { ...ids, where: parsePredicate(where, await this.#store.attributes(false)) };
    } catch (error) {
      if (!isTowerkitError(error, 'BAD_FILTER')) throw error;
      return { ...ids, where: parsePredicate(where, await this.#store.attributes(true)) };
    }
  }

  #rows(vectors: Matrix, { ids, attributes = {} }: BuildOptions): Rows {
    this.#open();
    checkVectors(vectors, this.dimensions);
    checkAttributes(attributes, vectors.rows);
    const compared = prepared(vectors.data, this.dimensions, this.metric);
    return {
      ids: idsOf(ids, vectors.rows),
      vectors: compared === vectors.data ? compared.slice() : compared,
      attributes: Object.fromEntries(
        Object.entries(attributes).map(([name, values]) => [name, values.slice()]),
      ),
    };
  }

  async #inTurn(change: () => Promise<void>): Promise<void> {
    this.#open();
    await this.#turns.take(() => {
      this.#open();
      return change();
    });
  }

  #open(): void {
    if (this.#closed)
      throw new TowerkitError('CLOSED', 'this index has been closed', { hint: 'open it again' });
  }
}
