import type { Matrix, OnProgress } from '@towerkit/core';

import type { AttributeValue, Predicate } from './filter/predicate.js';

/**
 * What ranks: the inner product, or the cosine, for which the index brings vectors and queries to length 1. Higher is
 * better; a vector of zeros has the cosine 0 with everything.
 */
export type Metric = 'ip' | 'cosine';

/** Attributes of items by name: one value for each vector, in the same order. */
export type Attributes = Readonly<Record<string, readonly AttributeValue[]>>;

/** What a search may return. Everything given must hold; ids that are not there are passed over. */
export interface Filter {
  /** Only these ids. */
  readonly allow?: ArrayLike<number>;
  /** None of these ids, such as what a user has seen. */
  readonly deny?: ArrayLike<number>;
  /** Only items whose attributes meet this. */
  readonly where?: Predicate;
}

/** The nearest items, best first; fewer than k only where fewer pass the filter. */
export interface Neighbors {
  /** Item ids, shape [k]. Equal scores: the smaller id first. */
  readonly ids: Float64Array;
  /** Inner products or cosines, shape [k], never increasing. */
  readonly scores: Float32Array;
}

/** What every driver is made with. */
export interface IndexOptions {
  /** Width of the vectors, from 1 to 65,536. */
  readonly dimensions: number;
  /** `ip` by default. */
  readonly metric?: Metric;
}

/** Of {@link VectorIndex.build}. */
export interface BuildOptions {
  /** Non-negative safe integers, one a row; 0, 1, 2, ... by default. */
  readonly ids?: ArrayLike<number>;
  readonly attributes?: Attributes;
  readonly onProgress?: OnProgress;
  /** Ends the build; what was there before stays and is served. */
  readonly signal?: AbortSignal;
}

/** Of {@link VectorIndex.add}. */
export interface AddOptions {
  /** One a row. One that is there already is an update: its vector and attributes are replaced. */
  readonly ids: ArrayLike<number>;
  /** A name that is new is null for the items before; one that is left out is null for these. */
  readonly attributes?: Attributes;
}

/** Of a search. */
export interface SearchOptions {
  readonly filter?: Filter;
}

/** What {@link VectorIndex.stats} says. */
export interface IndexStats {
  readonly driver: string;
  readonly dimensions: number;
  readonly metric: Metric;
  /** Live items. */
  readonly size: number;
  /** Rows that are deleted or replaced and still take space; where the driver has such. */
  readonly tombstones?: number;
  /** Bytes of memory that the index takes, about; of the database's table where it is one. */
  readonly bytes: number;
  /** The driver's own settings as they stand, plain JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Vectors with ids, searched by inner product or cosine. Every driver has these methods and the same answers, up to the
 * recall of an approximate one. Calls that change the index are applied in turn; what fails leaves it as it was.
 *
 * All methods reject with a TowerkitError: `SHAPE_MISMATCH` (a wrong width or number), `BAD_VECTOR` (NaN, infinite or
 * beyond 1e16, naming the row), `BAD_ID`, `DUPLICATE_ID` (the same id twice in one call), `UNKNOWN_ID`,
 * `BAD_ATTRIBUTE`, `BAD_FILTER`, `BAD_OPTION` (such as k below 1), `CLOSED`; a database's also with `UNAVAILABLE` and
 * `TIMEOUT`.
 *
 * @example
 * ```ts
 * const index = await createIndex('exact', { dimensions: 64 });
 * await index.build(itemVectors);
 * const { ids } = await index.search(userVector, 10, { filter: { deny: seen } });
 * ```
 */
export interface VectorIndex {
  /** The name that `createIndex` knows it by. */
  readonly driver: string;
  readonly dimensions: number;
  readonly metric: Metric;
  /** Live items. */
  readonly size: number;
  /** The largest id that it holds, -1 for none; absent where only a database could tell. */
  readonly largestId?: number;

  /** Replaces what is there. @param vectors shape [items, dimensions]; copied */
  build(vectors: Matrix, options?: BuildOptions): Promise<void>;
  /** Adds items and updates those that are there. @param vectors shape [items, dimensions]; copied */
  add(vectors: Matrix, options: AddOptions): Promise<void>;
  /** Removes items. One unknown id is an error, and nothing is removed; the same id twice as well. */
  remove(ids: ArrayLike<number>): Promise<void>;
  /**
   * The k items of the highest score, all of them where there are fewer.
   *
   * @param query shape [dimensions]
   * @param k at least 1
   */
  search(query: Float32Array, k: number, options?: SearchOptions): Promise<Neighbors>;
  /** The same for each row, over as many threads as the driver was given. @param queries shape [queries, dimensions] */
  searchBatch(queries: Matrix, k: number, options?: SearchOptions): Promise<Neighbors[]>;
  /** Writes a folder, whole or not at all, that `loadIndex` opens. */
  save(path: string): Promise<void>;
  /** Figures of the index: items, bytes, settings. */
  stats(): Promise<IndexStats>;
  /** Gives threads, memory and connections back. Later calls reject with `CLOSED`. */
  close(): Promise<void>;

  /** What trades recall for speed, where the driver has it; see `tune`. */
  readonly tunable?: Tunable;
  /** Takes tombstones out, where the driver has them. It does so by itself when they outnumber the items. */
  compact?(): Promise<void>;
}

/** The one setting of an approximate index that trades recall for speed. */
export interface Tunable {
  /** Its name in the settings, such as `ef` or `nprobe`. */
  readonly name: string;
  /** Values worth trying, the quickest first. */
  readonly values: readonly number[];
  /** What is used now. */
  readonly value: number;
  /** Uses another from now on; it is saved with the index. */
  set(value: number): void | Promise<void>;
}
