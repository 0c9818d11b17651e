import type { Matrix, OnProgress } from '@towerkit/core';

import type { Test } from '../../filter/predicate.js';
import type { Attributes } from '../../vector-index.js';

/** What a database keeps of one index: the part that differs between drivers, called with checked arguments only. */
export interface Store {
  /** Live items, as far as this client knows. */
  readonly size: number;
  /** Plain JSON without secrets: with it and a connection the store can be opened again. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Candidates looked at in a search; another from now on. */
  ef: number;

  /** Puts rows in the place of all that is there, whole or not at all; the old ones are served until then. */
  replace(rows: Rows, options: ReplaceOptions): Promise<void>;
  /** Adds rows and replaces those whose id is there. */
  upsert(rows: Rows): Promise<void>;
  /** @throws TowerkitError `UNKNOWN_ID`; then nothing is removed */
  remove(ids: ArrayLike<number>): Promise<void>;
  /** So many allowed ids are fetched or looked at one by one; for more the graph is asked. */
  readonly few: number;
  /** The most that the graph can be asked for. */
  readonly most: number;
  /** For each query about the best `count` that pass, or fewer, by the graph; in any order. */
  nearest(queries: Matrix, count: number, filter: StoreFilter): Promise<Found[]>;
  /** For each query exactly the k best, ties by id, or all where fewer pass; in any order. */
  exact(queries: Matrix, k: number, filter: StoreFilter): Promise<Found[]>;
  /** Names of the attributes, asked anew where `fresh`. */
  attributes(fresh: boolean): Promise<Iterable<string>>;
  /** What the index takes, in bytes. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}

/** Items: ids distinct, vectors as they are compared, shape [ids.length * dimensions]. */
export interface Rows {
  readonly ids: Float64Array;
  readonly vectors: Float32Array;
  readonly attributes: Attributes;
}

export interface ReplaceOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A filter whose predicate has been taken apart. */
export interface StoreFilter {
  readonly allow?: ArrayLike<number>;
  readonly deny?: ArrayLike<number>;
  readonly where?: Test;
}

export interface Found {
  readonly ids: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}
