import { Matrix, TowerkitError } from '@towerkit/core';
import { Turns } from '@towerkit/kernels/internal';

import { checkAttributes } from '../checks/attributes.js';
import { checkIds, idsOf } from '../checks/ids.js';
import { positiveInteger } from '../checks/options.js';
import { checkQuery, checkVectors, prepared } from '../checks/vectors.js';
import type { SavedIndex } from '../driver.js';
import { writeRows, writeVectors, readRows } from '../files/row-files.js';
import { reading, saveIndex } from '../files/saved-index.js';
import type {
  AddOptions,
  BuildOptions,
  IndexStats,
  Metric,
  Neighbors,
  SearchOptions,
  Tunable,
  VectorIndex,
} from '../vector-index.js';
import type { EngineKind, MemoryOptions } from './engine.js';
import { MemoryState } from './memory-state.js';
import { searchState, searchStateBatch } from './search-state.js';

/**
 * So many rows are never worth a build: it is due when there are more tombstones than this and than live items, or when
 * more rows than this and than a tenth of the items came since the last one that the engine does not cover.
 */
const FEW = 1_000;

/**
 * An index in the memory of this process: exact by a scan, or approximate by an engine over the same vectors. What it
 * holds is replaced as a whole by a build and by a compaction, so that searches under way finish on the old one.
 */
export class MemoryIndex implements VectorIndex {
  readonly dimensions: number;
  readonly metric: Metric;

  #state: MemoryState;
  #closed = false;
  readonly #turns = new Turns();

  private constructor(
    readonly driver: string,
    private readonly options: MemoryOptions,
    private readonly kind: EngineKind | undefined,
    /** The driver's own settings that are no engine's. */
    private readonly settings: Readonly<Record<string, unknown>>,
    state: MemoryState,
  ) {
    this.dimensions = options.dimensions;
    this.metric = options.metric;
    this.#state = state;
  }

  /** An empty index. @param kind its engine, where it is not exact */
  static async create(
    driver: string,
    options: MemoryOptions,
    settings: Readonly<Record<string, unknown>>,
    kind?: EngineKind,
  ): Promise<MemoryIndex> {
    const state = await MemoryState.build(
      options,
      undefined,
      new Matrix(0, options.dimensions),
      [],
      undefined,
      {},
    );
    return new MemoryIndex(driver, options, kind, settings, state);
  }

  /** What {@link save} wrote. @throws TowerkitError `BAD_INDEX` */
  static async load(
    saved: SavedIndex,
    options: MemoryOptions,
    settings: Readonly<Record<string, unknown>>,
    kind?: EngineKind,
  ): Promise<MemoryIndex> {
    const { folder, manifest } = saved;
    const rows = await reading('rows', () => readRows(folder, manifest.size));
    const { used } = rows.slots;
    const engine = kind && used > 0 ? await reading(kind.name, () => kind.load(saved, used)) : undefined;
    const state = await reading('vectors', () => MemoryState.saved(options, saved, rows, engine));
    if (engine === undefined) await state.scan();
    return new MemoryIndex(manifest.driver, options, kind, settings, state);
  }

  get size(): number {
    return this.#state.rows.slots.size;
  }

  get largestId(): number {
    return this.#state.rows.slots.largestId;
  }

  get tunable(): Tunable | undefined {
    return this.#state.engine?.tunable;
  }

  async build(vectors: Matrix, { ids, attributes, onProgress, signal }: BuildOptions = {}): Promise<void> {
    this.#open();
    checkVectors(vectors, this.dimensions);
    const all = idsOf(ids, vectors.rows);
    checkAttributes(attributes, vectors.rows);
    const copy = this.#prepared(vectors);
    await this.#change(async () =>
      this.#replace(
        await MemoryState.build(this.options, this.kind, copy, all, attributes, { onProgress, signal }),
      ),
    );
  }

  async add(vectors: Matrix, { ids, attributes }: AddOptions = { ids: [] }): Promise<void> {
    this.#open();
    checkVectors(vectors, this.dimensions);
    const all = idsOf(ids ?? [], vectors.rows);
    checkAttributes(attributes, vectors.rows);
    const copy = this.#prepared(vectors);
    await this.#change(async () => {
      const state = this.#state;
      const { rows } = state;
      const scan = await state.scan();
      await scan.append(copy.data, all);
      try {
        await state.engine?.add(copy, rows.slots.used);
      } catch (error) {
        rows.skip(all.length); // the scan has given these slots out
        throw error;
      }
      rows.add(all, attributes);
      if (this.kind !== undefined && state.engine === undefined && rows.slots.size > 0) await this.#rebuild();
      await this.#tidy();
    });
  }

  async remove(ids: ArrayLike<number>): Promise<void> {
    this.#open();
    checkIds(ids);
    const all = Float64Array.from(ids);
    await this.#change(async () => {
      this.#state.rows.slots.remove(all);
      await this.#tidy();
    });
  }

  async search(query: Float32Array, k: number, { filter }: SearchOptions = {}): Promise<Neighbors> {
    this.#open();
    checkQuery(query, this.dimensions);
    positiveInteger('k', k);
    return searchState(this.#state, prepared(query, this.dimensions, this.metric), k, filter);
  }

  async searchBatch(queries: Matrix, k: number, { filter }: SearchOptions = {}): Promise<Neighbors[]> {
    this.#open();
    checkVectors(queries, this.dimensions);
    positiveInteger('k', k);
    return searchStateBatch(this.#state, this.#prepared(queries), k, filter);
  }

  async save(path: string): Promise<void> {
    this.#open();
    await this.#change(async () => {
      const { rows, engine } = this.#state;
      const scan = await this.#state.scan();
      const { driver, dimensions, metric, size } = this;
      await saveIndex(
        path,
        { driver, dimensions, metric, size, settings: this.#settings() },
        async (folder) => {
          await writeRows(folder, rows);
          await writeVectors(folder, scan);
          await engine?.save(folder);
        },
      );
    });
  }

  async stats(): Promise<IndexStats> {
    this.#open();
    const { rows, opened, engine } = this.#state;
    const { driver, dimensions, metric, size } = this;
    const bytes = (opened?.bytes ?? 0) + (engine?.bytes ?? 0) + 8 * rows.slots.ids.length;
    return {
      ...{ driver, dimensions, metric, size, bytes },
      tombstones: rows.slots.tombstones,
      settings: this.#settings(),
    };
  }

  /** Takes tombstones out: the engine is built anew from the live items, while the old one is served. */
  async compact(): Promise<void> {
    this.#open();
    await this.#change(() => this.#rebuild());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.take(() => this.#state.close());
  }

  #settings(): Record<string, unknown> {
    return { ...this.settings, ...(this.#state.engine ?? this.kind)?.settings };
  }

  /** Vectors as they are compared, the index's own. */
  #prepared({ rows, cols, data }: Matrix): Matrix {
    return new Matrix(rows, cols, this.metric === 'ip' ? data.slice() : prepared(data, cols, this.metric));
  }

  async #tidy(): Promise<void> {
    const { rows, engine, built } = this.#state;
    const { tombstones, size, used } = rows.slots;
    const scanned =
      engine === undefined || engine.covered === used ? 0 : used - Math.max(engine.covered, built);
    if (tombstones > Math.max(FEW, size) || scanned > Math.max(FEW, size / 10)) await this.#rebuild();
  }

  async #rebuild(): Promise<void> {
    const { vectors, ids, attributes } = await this.#state.live();
    await this.#replace(await MemoryState.build(this.options, this.kind, vectors, ids, attributes, {}));
  }

  async #replace(state: MemoryState): Promise<void> {
    const old = this.#state;
    const setting = old.engine?.tunable;
    if (setting !== undefined && state.engine !== undefined) await state.engine.tunable?.set(setting.value);
    this.#state = state;
    await old.close();
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(() => {
      this.#open();
      return work();
    });
  }

  #open(): void {
    if (this.#closed) throw new TowerkitError('CLOSED', 'this index was closed', { hint: 'open another' });
  }
}
