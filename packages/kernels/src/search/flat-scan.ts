import { Matrix, TowerkitError } from '@towerkit/core';

import { ENCODE_ROWS } from '../pool/block-sizes.js';
import { type Job, job } from '../pool/kernel-pool.js';
import { Turns } from '../pool/turns.js';
import { codesWidth, rowStride } from './layout.js';
import { ScanMemory } from './scan-memory.js';
import { type ScanResult, Workspace } from './workspace.js';

/** What {@link FlatScan} is made with. */
export interface FlatScanOptions {
  /** Width of the vectors, from 1 to 65,536. */
  readonly dimensions: number;
  /** Whether candidates are found by int8 codes. False by default. */
  readonly coded?: boolean;
  /** Threads of a batch; one per core by default, and at most. */
  readonly threads?: number;
}

/** Candidates of a batch that are kept at a time. */
const BATCH = 2 ** 20;

/**
 * All products of a query with rows of vectors, and the k largest among the rows that a mask lets through. Rows come in
 * slots: 0, 1, 2, ..., and stay there. Without codes the answer is exact in float32; with them the candidates come from
 * vectors of a byte a value (each row with a scale) and their scores are exact.
 *
 * @example
 * ```ts
 * const scan = new FlatScan({ dimensions: 2 });
 * await scan.append(Float32Array.of(1, 0, 0, 1, 1, 1), [10, 11, 12]);
 * const { slots } = scan.search(Float32Array.of(1, 2), 2, Uint32Array.of(0b111)); // 2, 1
 * await scan.close();
 * ```
 */
export class FlatScan {
  readonly dimensions: number;
  readonly coded: boolean;
  readonly threads: number;

  #size = 0;
  #memory: ScanMemory;
  #single: Workspace;
  #batch: Workspace | undefined;
  readonly #turns = new Turns();

  /** @throws TowerkitError `BAD_OPTION`, `TOO_LARGE`, `UNSUPPORTED` */
  constructor({ dimensions, coded = false, threads }: FlatScanOptions) {
    if (!Number.isSafeInteger(dimensions) || dimensions < 1 || dimensions > 65_536)
      throw new TowerkitError(
        'BAD_OPTION',
        `dimensions must be an integer from 1 to 65,536, got ${dimensions}`,
      );
    this.dimensions = dimensions;
    this.coded = coded;
    this.#memory = new ScanMemory(dimensions, 0, coded, threads);
    this.threads = this.#memory.pool.threads;
    this.#single = this.#workspace(1, 16);
  }

  /** Slots in use. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of memory taken. */
  get bytes(): number {
    return this.#memory.pool.memory.wasm.buffer.byteLength;
  }

  /**
   * Puts rows into the next slots, when the batches before it are done.
   *
   * @param vectors shape [rows * dimensions], finite
   * @param ids shape [rows]: the smaller of two with equal scores comes first
   * @throws TowerkitError `SHAPE_MISMATCH`, `TOO_LARGE`
   */
  append(vectors: Float32Array, ids: ArrayLike<number>): Promise<void> {
    return this.#turns.take(() => this.#append(vectors, ids));
  }

  /** Makes room for so many slots in all, so that appending does not move what is there. @throws TowerkitError `TOO_LARGE` */
  reserve(slots: number): Promise<void> {
    return this.#turns.take(() => this.#reserve(slots));
  }

  /** Copies of the vectors in the slots from `from` to before `to`, one a row. */
  slice(from: number, to: number): Matrix {
    const { dimensions } = this;
    const width = rowStride(dimensions) / 4;
    const { rows } = this.#memory;
    if (width === dimensions)
      return new Matrix(to - from, dimensions, new Float32Array(rows.subarray(from * width, to * width)));
    const out = new Matrix(to - from, dimensions);
    for (let slot = from; slot < to; slot++)
      out.data.set(rows.subarray(slot * width, slot * width + dimensions), (slot - from) * dimensions);
    return out;
  }

  /**
   * The best k of the rows that the mask lets through, on the calling thread, at once.
   *
   * @param query shape [dimensions]
   * @param mask slot s is bit s % 32 of word s / 32; those beyond `size` are 0
   */
  search(query: Float32Array, k: number, mask: Uint32Array): ScanResult {
    const most = Math.min(k, this.#size);
    const wanted = this.#wanted(most);
    if (this.#single.k < most || this.#single.wanted < wanted) this.#single = this.#workspace(1, 2 * most);
    this.#memory.mask.set(mask);
    this.#single.put(0, query, this.coded);
    this.#memory.pool.call(this.#job(this.#single, 1, most, this.#memory.mask, mask.length));
    return this.#single.take(0, most);
  }

  /**
   * The same for many queries on all threads. Batches are served in turn.
   *
   * @param queries shape [queries, dimensions]
   */
  searchBatch(queries: Matrix, k: number, mask: Uint32Array): Promise<ScanResult[]> {
    return this.#turns.take(() => this.#searchBatch(queries, k, mask));
  }

  /**
   * The best k of given rows by their exact products.
   *
   * @param slots distinct slots in use
   */
  rescore(query: Float32Array, k: number, slots: ArrayLike<number>): ScanResult {
    const most = Math.min(k, slots.length);
    if (this.#single.k < most || this.#single.wanted < slots.length)
      this.#single = this.#workspace(1, 2 * slots.length);
    const { query: place, found, scores, slots: best, counts } = this.#single;
    place.set(query);
    found.set(slots);
    const { pool, rows, ids } = this.#memory;
    // prettier-ignore
    pool.call(
      job('rescoreSlots', 1, place, rows, rowStride(this.dimensions), ids.byteOffset, slots.length, found, most, scores, best, counts),
    );
    return this.#single.take(0, most);
  }

  /** Ends the threads, when the batches before it are done. */
  close(): Promise<void> {
    return this.#turns.take(() => this.#memory.pool.close());
  }

  #append(vectors: Float32Array, ids: ArrayLike<number>): void {
    const { dimensions } = this;
    const count = ids.length;
    if (vectors.length !== count * dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${vectors.length} values are not ${count} rows of ${dimensions}`,
      );
    const needed = this.#size + count;
    if (needed > this.#memory.capacity)
      this.#reserve(Math.max(needed, Math.ceil(1.5 * this.#memory.capacity)));
    const { rows, ids: order } = this.#memory;
    const width = rowStride(dimensions) / 4;
    const from = this.#size;
    if (width === dimensions) rows.set(vectors, from * width);
    else
      for (let row = 0; row < count; row++)
        rows.set(vectors.subarray(row * dimensions, (row + 1) * dimensions), (from + row) * width);
    order.set(ids, from);
    this.#size += count;
    if (this.coded) this.#encode(from, count);
  }

  async #searchBatch(queries: Matrix, k: number, mask: Uint32Array): Promise<ScanResult[]> {
    const most = Math.min(k, this.#size);
    const wanted = this.#wanted(most);
    const chunk = Math.max(1, Math.min(queries.rows, Math.floor(BATCH / Math.max(1, wanted))));
    const memory = this.#memory;
    if (this.#batch === undefined || this.#batch.queries < chunk || this.#batch.wanted < wanted)
      this.#batch = this.#workspace(chunk, most);
    const space = this.#batch;
    memory.batchMask.set(mask);
    const all: ScanResult[] = [];
    for (let from = 0; from < queries.rows; from += chunk) {
      const count = Math.min(chunk, queries.rows - from);
      for (let i = 0; i < count; i++) space.put(i, queries.row(from + i), this.coded);
      await memory.pool.run(this.#job(space, count, most, memory.batchMask, mask.length));
      for (let i = 0; i < count; i++) all.push(space.take(i, most));
    }
    return all;
  }

  #job(space: Workspace, count: number, k: number, mask: Int32Array, words: number): Job {
    const { rows, ids, codes, scales } = this.#memory;
    const stride = rowStride(this.dimensions);
    const { query, queryCodes, scores, slots, counts, found, foundScores } = space;
    if (codes === undefined)
      return job(
        'searchRows',
        count,
        query,
        rows,
        stride,
        words,
        mask,
        ids.byteOffset,
        k,
        scores,
        slots,
        counts,
      );
    // prettier-ignore
    return job(
      'searchCodes', count, query, rows, stride, queryCodes, codes, codesWidth(this.dimensions), scales!, words, mask,
      ids.byteOffset, this.#wanted(k), foundScores, found, k, scores, slots, counts,
    );
  }

  /** How many candidates a scan of codes takes: enough that one of the k best is hardly ever missed. */
  #wanted(k: number): number {
    return this.coded ? Math.max(2 * k, k + 32) : k;
  }

  #workspace(queries: number, k: number): Workspace {
    return new Workspace(this.#memory.pool.memory, this.dimensions, queries, k, this.#wanted(k));
  }

  /** Makes room; what is there moves to a larger memory. */
  #reserve(room: number): void {
    const old = this.#memory;
    if (room <= old.capacity) return;
    const memory = new ScanMemory(this.dimensions, room, this.coded, this.threads);
    memory.rows.set(old.rows);
    memory.ids.set(old.ids);
    memory.codes?.set(old.codes!);
    memory.scales?.set(old.scales!);
    this.#memory = memory;
    this.#single = this.#workspace(1, 16);
    this.#batch = undefined;
    void old.pool.close();
  }

  #encode(from: number, count: number): void {
    const { pool, rows, codes, scales } = this.#memory;
    const [stride, width] = [rowStride(this.dimensions), codesWidth(this.dimensions)];
    // prettier-ignore
    pool.call(
      job('encodeRows', Math.ceil(count / ENCODE_ROWS), count, rows.byteOffset + from * stride, stride, codes!.byteOffset + from * width, width, scales!.byteOffset + 4 * from),
    );
  }
}
