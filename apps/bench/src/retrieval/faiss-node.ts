import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Matrix } from '@towerkit/core';

import type { Contender } from './contender.js';

/** The part of faiss-node that is used here. */
interface FaissIndex {
  train(x: number[]): void;
  add(x: number[]): void;
  search(x: number[], k: number): { labels: number[] };
  write(path: string): void;
  toBuffer(): Buffer;
}
interface Faiss {
  Index: {
    fromFactory(dimensions: number, factory: string, metric: number): FaissIndex;
    fromBuffer(bytes: Buffer): FaissIndex;
    read(path: string): FaissIndex;
  };
}

/** faiss-node from the folder that TOWERKIT_FAISS names, compiled there; undefined without it. */
export function faissNode(): Faiss | undefined {
  const folder = process.env.TOWERKIT_FAISS;
  return folder === undefined ? undefined : createRequire(join(folder, 'package.json'))('faiss-node');
}

const INNER_PRODUCT = 0;
const ROWS = 10_000;

/** Trains and fills an index. */
export function buildFaiss(faiss: Faiss, vectors: Matrix, factory: string, training?: number): FaissIndex {
  const index = faiss.Index.fromFactory(vectors.cols, factory, INNER_PRODUCT);
  const part = (from: number, to: number) =>
    Array.from(vectors.data.subarray(from * vectors.cols, to * vectors.cols));
  if (training !== undefined) index.train(part(0, Math.min(training, vectors.rows)));
  for (let row = 0; row < vectors.rows; row += ROWS) index.add(part(row, Math.min(row + ROWS, vectors.rows)));
  return index;
}

/**
 * A faiss-node index. It has no setter for `efSearch` and `nprobe`: they are written into the serialised index, which is
 * read again.
 */
export function faissContender(
  faiss: Faiss,
  name: string,
  built: FaissIndex,
  values?: readonly number[],
): Contender {
  let index = built;
  let bytes: Buffer | undefined;
  return {
    name: `faiss-node ${name}`,
    values,
    set(value) {
      bytes ??= built.toBuffer();
      if (name.startsWith('IVF')) bytes.writeBigUInt64LE(BigInt(value), 45);
      else bytes.writeInt32LE(value, efSearchAt(bytes));
      index = faiss.Index.fromBuffer(bytes);
    },
    prepare: (query) => Array.from(query),
    search: (query, k) => index.search(query as number[], k).labels,
    prepareBatch: (queries) => Array.from(queries.data),
    searchBatch(queries, k) {
      const { labels } = index.search(queries as number[], k);
      return Array.from({ length: labels.length / k }, (_, q) => labels.slice(q * k, (q + 1) * k));
    },
    close: () => Promise.resolve(),
  };
}

/** Where a serialised HNSW index of FAISS 1.7 has its efSearch: behind five vectors, 8 bytes and efConstruction. */
function efSearchAt(bytes: Buffer): number {
  let at = 37;
  for (const width of [8, 4, 4, 8, 4]) at += 8 + width * Number(bytes.readBigUInt64LE(at));
  return at + 12;
}
