import type { Pointer } from './shared-memory.js';

/** The arguments of the kernels of vector search, those that all blocks share. */
export interface SearchKernels {
  /**
   * The k rows of the largest products with each query, one a block; see `FlatScan`, which makes the jobs. Stride in
   * bytes, a multiple of 32.
   */
  searchRows: [
    queries: Pointer,
    rows: Pointer,
    stride: number,
    words: number,
    mask: Pointer,
    ids: Pointer,
    k: number,
    scores: Pointer,
    slots: Pointer,
    counts: Pointer,
  ];
  /** The same by way of the `wanted` best by int8 codes, `width` bytes a row, a multiple of 16. */
  searchCodes: [
    queries: Pointer,
    rows: Pointer,
    stride: number,
    queryCodes: Pointer,
    codes: Pointer,
    width: number,
    scales: Pointer,
    words: number,
    mask: Pointer,
    ids: Pointer,
    wanted: number,
    foundScores: Pointer,
    found: Pointer,
    k: number,
    scores: Pointer,
    slots: Pointer,
    counts: Pointer,
  ];
  /** The best k of `wanted` slots for each query, -1 for none. */
  rescoreSlots: [
    queries: Pointer,
    rows: Pointer,
    stride: number,
    ids: Pointer,
    wanted: number,
    found: Pointer,
    k: number,
    scores: Pointer,
    slots: Pointer,
    counts: Pointer,
  ];
  /** The k best rows by int8 codes among the lists probed, one query a block; see `ListScan`. */
  searchLists: [
    queryCodes: Pointer,
    codes: Pointer,
    width: number,
    scales: Pointer,
    starts: Pointer,
    probes: number,
    probed: Pointer,
    rowSlots: Pointer,
    k: number,
    scores: Pointer,
    found: Pointer,
    counts: Pointer,
  ];
  /** int8 codes and scales of rows, by blocks of {@link ENCODE_ROWS}. */
  encodeRows: [count: number, rows: Pointer, stride: number, codes: Pointer, width: number, scales: Pointer];
}
