import type { SharedMemory } from '../pool/shared-memory.js';
import { codesWidth, encodeQuery, rowStride } from './layout.js';

/** What a search finds for one query: the best rows, best first; equal scores in order of id. */
export interface ScanResult {
  /** Shape [k], or fewer. */
  readonly slots: Int32Array;
  readonly scores: Float32Array;
}

/** Where kernels find some queries and leave what they find. */
export class Workspace {
  readonly query: Float32Array;
  readonly queryCodes: Int32Array;
  readonly scores: Float32Array;
  readonly slots: Int32Array;
  readonly counts: Int32Array;
  readonly foundScores: Float32Array;
  readonly found: Int32Array;

  readonly #codes: Int16Array;

  /** @param k of each query @param wanted candidates of each query */
  constructor(
    memory: SharedMemory,
    readonly dimensions: number,
    readonly queries: number,
    readonly k: number,
    readonly wanted: number,
  ) {
    this.query = memory.floats((queries * rowStride(dimensions)) / 4);
    this.queryCodes = memory.ints((queries * codesWidth(dimensions)) / 2);
    this.#codes = new Int16Array(
      this.queryCodes.buffer,
      this.queryCodes.byteOffset,
      2 * this.queryCodes.length,
    );
    this.scores = memory.floats(queries * k);
    this.slots = memory.ints(queries * k);
    this.counts = memory.ints(queries);
    this.foundScores = memory.floats(queries * wanted);
    this.found = memory.ints(queries * wanted);
  }

  /** Puts query number `at` in its place; its codes as well if they are asked for. */
  put(at: number, query: Float32Array, coded: boolean): void {
    this.query.set(query, (at * rowStride(this.dimensions)) / 4);
    if (coded) encodeQuery(query, this.#codes.subarray(at * codesWidth(this.dimensions)));
  }

  /** A copy of what was found for query number `at` with this k. */
  take(at: number, k: number): ScanResult {
    const to = at * k + this.counts[at];
    return { slots: this.slots.slice(at * k, to), scores: this.scores.slice(at * k, to) };
  }
}
