import { Matrix } from '@towerkit/core';
import { FlatScan } from '@towerkit/kernels';
import type { FileHandle } from 'node:fs/promises';

import type { SavedIndex } from '../driver.js';
import { openVectors, readVectors, VECTORS } from '../files/row-files.js';
import { reading } from '../files/saved-index.js';
import { RowSet } from '../rows/row-set.js';
import type { BuildControl, Engine, EngineKind, MemoryOptions } from './engine.js';
import type { Attributes } from '../vector-index.js';

/** What a memory index holds between two builds: rows, vectors, and an engine where its kind has one. */
export class MemoryState {
  #scan: Promise<FlatScan> | undefined;
  #file: FileHandle | undefined;
  readonly #openScan: () => Promise<FlatScan>;
  /** Slots that were there when this began. */
  readonly built: number;

  private constructor(
    readonly rows: RowSet,
    openScan: () => Promise<FlatScan>,
    public engine: Engine | undefined,
  ) {
    this.#openScan = openScan;
    this.built = rows.slots.used;
  }

  /** Vectors in slots 0, 1, 2, ... @param vectors prepared */
  static async build(
    options: MemoryOptions,
    kind: EngineKind | undefined,
    vectors: Matrix,
    ids: ArrayLike<number>,
    attributes: Attributes | undefined,
    control: BuildControl,
  ): Promise<MemoryState> {
    control.signal?.throwIfAborted();
    const scan = new FlatScan(options);
    try {
      await scan.append(vectors.data, ids);
      const engine = vectors.rows > 0 ? await kind?.build(vectors, control) : undefined;
      const state = new MemoryState(new RowSet(ids, attributes), () => Promise.resolve(scan), engine);
      await state.scan();
      return state;
    } catch (error) {
      await scan.close();
      throw error;
    }
  }

  /**
   * What was saved; the vectors are read when they are first needed, which the searches of an engine with exact scores
   * may never do.
   */
  static async saved(
    options: MemoryOptions,
    { folder, manifest }: SavedIndex,
    rows: RowSet,
    engine: Engine | undefined,
  ): Promise<MemoryState> {
    const ids = rows.slots.ids.slice(0, rows.slots.used);
    const file = await openVectors(folder);
    const openScan = () =>
      reading('vectors', async () => {
        const scan = new FlatScan(options);
        try {
          await readVectors(file, scan, ids, manifest.files[VECTORS]?.sha256);
        } catch (error) {
          await scan.close();
          throw error;
        }
        await file.close();
        return scan;
      });
    const state = new MemoryState(rows, openScan, engine);
    state.#file = file;
    return state;
  }

  /** The vectors by slot. */
  scan(): Promise<FlatScan> {
    if (!this.#scan) {
      this.#scan = this.#openScan().then((scan) => (this.opened = scan));
      this.#scan.catch(() => (this.#scan = undefined)); // an error is not kept for the next search
    }
    return this.#scan;
  }

  /** The same where they are there already. */
  opened: FlatScan | undefined;

  /** The vectors of the live slots, their ids and their attributes. */
  async live(): Promise<{ vectors: Matrix; ids: Float64Array; attributes: Attributes }> {
    const scan = await this.scan();
    const { slots, attributes } = this.rows;
    const kept = Int32Array.from({ length: slots.used }, (_, slot) => slot).filter((slot) =>
      slots.isLive(slot),
    );
    const vectors = new Matrix(kept.length, scan.dimensions);
    kept.forEach((slot, row) => vectors.data.set(scan.slice(slot, slot + 1).data, row * scan.dimensions));
    return {
      vectors,
      ids: Float64Array.from(kept, (slot) => slots.ids[slot]),
      attributes: Object.fromEntries(
        Object.entries(attributes.columns).map(([name, column]) => [
          name,
          Array.from(kept, (slot) => column[slot]),
        ]),
      ),
    };
  }

  async close(): Promise<void> {
    const scan = this.#scan?.then((opened) => opened.close());
    await Promise.all([scan ?? this.#file?.close(), this.engine?.close()]);
  }
}
