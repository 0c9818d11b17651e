import type { Matrix } from '@towerkit/core';
import type { Filter, VectorIndex } from '@towerkit/retrieval';

/** One engine in a comparison, with its vectors. */
export interface Contender {
  readonly name: string;
  /** The setting that trades recall for speed: its values, and how to use one. */
  readonly values?: readonly number[];
  set?(value: number): void | Promise<void>;
  /** Queries in the type that the engine takes, made before the clock starts. */
  prepare(query: Float32Array): unknown;
  /** Row numbers of the k best. */
  search(query: unknown, k: number, filter?: Filter): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** All queries in one call, where the engine has such. */
  prepareBatch?(queries: Matrix): unknown;
  searchBatch?(queries: unknown, k: number): ArrayLike<number>[] | Promise<ArrayLike<number>[]>;
  close(): Promise<void>;
}

/** One of ours. */
export const towerkit = (name: string, index: VectorIndex): Contender => ({
  name: `towerkit ${name}`,
  values: index.tunable?.values,
  set: (value) => index.tunable!.set(value),
  prepare: (query) => query,
  search: async (query, k, filter) =>
    (await index.search(query as Float32Array, k, filter === undefined ? undefined : { filter })).ids,
  prepareBatch: (queries) => queries,
  searchBatch: async (queries, k) => (await index.searchBatch(queries as Matrix, k)).map(({ ids }) => ids),
  close: () => index.close(),
});
