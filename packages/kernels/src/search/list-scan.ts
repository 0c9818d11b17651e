import { type Matrix, TowerkitError } from '@towerkit/core';

import { ENCODE_ROWS } from '../pool/block-sizes.js';
import { type Job, job } from '../pool/kernel-pool.js';
import { Turns } from '../pool/turns.js';
import { FlatScan } from './flat-scan.js';
import { codesWidth, rowStride } from './layout.js';
import { ListMemory } from './list-memory.js';
import { type ScanResult, Workspace } from './workspace.js';

/** What can be kept of a {@link ListScan}, and made into one again. */
export interface StoredLists {
  /** What ranks the lists for a query, shape [lists, dimensions]. */
  readonly means: Matrix;
  /** Where each list begins, multiples of 4, shape [lists + 1]. */
  readonly starts: Int32Array;
  /** The slot of each row, -1 where a list is filled up, shape [rows]. */
  readonly slots: Int32Array;
  /** Shape [rows]. */
  readonly scales: Float32Array;
  /** int8 codes, shape [rows * width], the width the dimensions rounded up to a multiple of 16. */
  readonly codes: Uint8Array;
}

/** Candidates of a batch that are kept at a time. */
const BATCH = 2 ** 20;

/**
 * An inverted file: rows in lists, of which a query looks into those whose means have the largest products with it. Rows
 * are scored by int8 codes, which finds candidates: {@link FlatScan.rescore} scores them exactly.
 *
 * @example
 * ```ts
 * const vectors = new Matrix(3, 2, Float32Array.of(1, 0, 0, 1, 0, 2));
 * const means = new Matrix(2, 2, Float32Array.of(1, 0, 0, 1.5));
 * const scan = await ListScan.build(vectors, Int32Array.of(0, 1, 1), means);
 * scan.search(Float32Array.of(0, 1), 2, 1).slots; // 2, 1
 * await scan.close();
 * ```
 */
export class ListScan {
  readonly dimensions: number;
  readonly lists: number;

  readonly #memory: ListMemory;
  readonly #means: FlatScan;
  readonly #all: Uint32Array;
  readonly #probed: Int32Array;
  #single: Workspace;
  #batch: { space: Workspace; probed: Int32Array } | undefined;
  readonly #turns = new Turns();

  private constructor(memory: ListMemory, means: FlatScan) {
    this.#memory = memory;
    this.#means = means;
    this.dimensions = means.dimensions;
    this.lists = means.size;
    this.#all = new Uint32Array(Math.ceil(this.lists / 32));
    for (let list = 0; list < this.lists; list++) this.#all[list >>> 5] |= 1 << (list & 31);
    this.#probed = memory.pool.memory.ints(this.lists);
    this.#single = this.#workspace(1, 64);
  }

  /**
   * Puts vectors into lists. Their rows are the slots.
   *
   * @param vectors shape [slots, dimensions], finite
   * @param listOf the list of each, shape [slots]
   * @param means shape [lists, dimensions]
   * @throws TowerkitError `SHAPE_MISMATCH`, `TOO_LARGE`
   */
  static async build(
    vectors: Matrix,
    listOf: Int32Array,
    means: Matrix,
    threads?: number,
  ): Promise<ListScan> {
    if (vectors.cols !== means.cols || listOf.length !== vectors.rows)
      throw new TowerkitError('SHAPE_MISMATCH', 'vectors, lists and means do not go together');
    const places = new Int32Array(means.rows + 1);
    for (const list of listOf) places[list + 1]++;
    for (let list = 0; list < means.rows; list++)
      places[list + 1] = places[list] + 4 * Math.ceil(places[list + 1] / 4);
    const memory = new ListMemory(vectors.cols, places, threads);
    listOf.forEach((list, slot) => (memory.slots[places[list]++] = slot));
    encode(memory, vectors);
    return new ListScan(memory, await scanOf(means, memory.pool.threads));
  }

  /** @throws TowerkitError `SHAPE_MISMATCH` for parts that do not go together, `TOO_LARGE` */
  static async from(stored: StoredLists, threads?: number): Promise<ListScan> {
    const { means, starts, slots, scales, codes } = stored;
    const rows = starts[starts.length - 1];
    const fits =
      starts.length === means.rows + 1 &&
      starts.every((start, list) => start % 4 === 0 && start >= (list === 0 ? 0 : starts[list - 1])) &&
      slots.length === rows &&
      scales.length === rows &&
      codes.length === rows * codesWidth(means.cols);
    if (!fits) throw new TowerkitError('SHAPE_MISMATCH', 'the parts of the lists do not go together');
    const memory = new ListMemory(means.cols, starts, threads);
    memory.slots.set(slots);
    memory.scales.set(scales);
    bytesOf(memory.codes).set(codes);
    return new ListScan(memory, await scanOf(means, memory.pool.threads));
  }

  /** Copies of all that it is made of. */
  stored(): StoredLists {
    const { starts, slots, scales, codes } = this.#memory;
    return {
      means: this.#means.slice(0, this.lists),
      starts: new Int32Array(starts),
      slots: Int32Array.from(slots),
      scales: new Float32Array(scales),
      codes: new Uint8Array(bytesOf(codes)),
    };
  }

  /** Bytes of memory taken. */
  get bytes(): number {
    return this.#memory.pool.memory.wasm.buffer.byteLength + this.#means.bytes;
  }

  /**
   * The k best by their codes among the rows of some lists, on the calling thread, at once. The scores rank the rows of
   * one query, and mean nothing else.
   *
   * @param query shape [dimensions]
   * @param probes lists to look into
   */
  search(query: Float32Array, k: number, probes: number): ScanResult {
    const most = Math.min(k, this.#memory.slots.length);
    if (this.#single.k < most) this.#single = this.#workspace(1, 2 * most);
    const lists = this.#means.search(query, Math.min(probes, this.lists), this.#all).slots;
    this.#probed.set(lists);
    this.#single.put(0, query, true);
    this.#memory.pool.call(this.#job(this.#single, 1, most, this.#probed, lists.length));
    return this.#take(this.#single, 0, most);
  }

  /**
   * The same for many queries on all threads. Batches are served in turn.
   *
   * @param queries shape [queries, dimensions]
   */
  searchBatch(queries: Matrix, k: number, probes: number): Promise<ScanResult[]> {
    return this.#turns.take(() => this.#searchBatch(queries, k, probes));
  }

  /** Ends the threads, when the batches before it are done. */
  async close(): Promise<void> {
    await this.#turns.take(() => Promise.all([this.#memory.pool.close(), this.#means.close()]));
  }

  async #searchBatch(queries: Matrix, k: number, probes: number): Promise<ScanResult[]> {
    const { pool, slots } = this.#memory;
    const most = Math.min(k, slots.length);
    const wide = Math.min(probes, this.lists);
    const chunk = Math.max(1, Math.min(queries.rows, Math.floor(BATCH / Math.max(1, most, wide))));
    const probed = await this.#means.searchBatch(queries, wide, this.#all);
    const { space, probed: places } = this.#batchOf(chunk, most, wide);
    const all: ScanResult[] = [];
    for (let from = 0; from < queries.rows; from += chunk) {
      const count = Math.min(chunk, queries.rows - from);
      for (let i = 0; i < count; i++) {
        space.put(i, queries.row(from + i), true);
        places.set(probed[from + i].slots, i * wide);
      }
      await pool.run(this.#job(space, count, most, places, wide));
      for (let i = 0; i < count; i++) all.push(this.#take(space, i, most));
    }
    return all;
  }

  #job(space: Workspace, count: number, k: number, probed: Int32Array, probes: number): Job {
    const { codes, scales, starts, slots } = this.#memory;
    const width = codesWidth(this.dimensions);
    // prettier-ignore
    return job(
      'searchLists', count, space.queryCodes, codes, width, scales, starts, probes, probed, slots.byteOffset, k,
      space.scores, space.slots, space.counts,
    );
  }

  #take(space: Workspace, at: number, k: number): ScanResult {
    const found = space.take(at, k);
    const { slots } = this.#memory;
    for (let i = 0; i < found.slots.length; i++) found.slots[i] = slots[found.slots[i]];
    return found;
  }

  /** Room for a batch; what is there is used again where it is enough, because a shared memory never shrinks. */
  #batchOf(queries: number, k: number, probes: number): { space: Workspace; probed: Int32Array } {
    const old = this.#batch;
    if (old && old.space.queries >= queries && old.space.k >= k && old.probed.length >= queries * probes)
      return old;
    const probed = this.#memory.pool.memory.ints(queries * probes);
    return (this.#batch = { space: this.#workspace(queries, k), probed });
  }

  #workspace(queries: number, k: number): Workspace {
    return new Workspace(this.#memory.pool.memory, this.dimensions, queries, k, 0);
  }
}

/** The codes of the vectors whose slots the rows have, a stretch at a time. */
function encode({ pool, slots, scales, codes }: ListMemory, { cols, data }: Matrix): void {
  const [stride, width] = [rowStride(cols), codesWidth(cols)];
  const place = pool.memory.floats((ENCODE_ROWS * stride) / 4);
  for (let from = 0; from < slots.length; from += ENCODE_ROWS) {
    const count = Math.min(ENCODE_ROWS, slots.length - from);
    for (let i = 0; i < count; i++) {
      const at = (i * stride) / 4;
      const slot = slots[from + i];
      if (slot < 0) place.fill(0, at, at + cols);
      else place.set(data.subarray(slot * cols, (slot + 1) * cols), at);
    }
    // prettier-ignore
    pool.call(
      job('encodeRows', 1, count, place, stride, codes.byteOffset + from * width, width, scales.byteOffset + 4 * from),
    );
  }
}

async function scanOf(means: Matrix, threads: number): Promise<FlatScan> {
  const scan = new FlatScan({ dimensions: means.cols, threads });
  await scan.append(
    means.data,
    Float64Array.from({ length: means.rows }, (_, list) => list),
  );
  return scan;
}

const bytesOf = (array: Int32Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
