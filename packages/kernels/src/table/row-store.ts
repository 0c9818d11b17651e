import type { AdamFactors } from './adam-factors.js';

/** Where the rows of a table live and who computes on them. Arguments have been checked. */
export interface RowStore {
  /** [rows * dimensions] each. */
  readonly values: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Copies `count` rows to `out`, one after the other. */
  gather(ids: Int32Array, count: number, out: Float32Array): void;
  /** One Adam step on `count` distinct rows; `gradient` is [count, dimensions]. */
  adam(ids: Int32Array, count: number, gradient: Float32Array, factors: AdamFactors): void;
}
