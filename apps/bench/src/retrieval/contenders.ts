import { createIndex, type VectorIndex } from '@towerkit/retrieval';

import { type Contender, towerkit } from './contender.js';
import { buildFaiss, faissContender, faissNode } from './faiss-node.js';
import { hnswlib } from './hnswlib.js';
import type { VectorSet } from './real-vectors.js';

/** Values of efSearch and ef. */
export const EFS = [10, 16, 24, 32, 48, 64, 96, 128, 256];
const NPROBES = [1, 2, 4, 8, 16, 32, 64];

/** An index of a set, by one of our drivers. */
export async function ours(set: VectorSet, driver: string, options: object): Promise<VectorIndex> {
  const all = { dimensions: set.vectors.cols, threads: 2, ...options };
  const index = await createIndex(driver as 'exact', all);
  await index.build(set.vectors);
  return index;
}

/** The drivers in memory. */
export const ourDrivers = async (set: VectorSet): Promise<Contender[]> => [
  towerkit('exact', await ours(set, 'exact', {})),
  towerkit('exact int8', await ours(set, 'exact', { scan: 'int8' })),
  towerkit('ivf', await ours(set, 'ivf', {})),
  towerkit('hnsw', await ours(set, 'hnsw', {})),
];

/** faiss-node's flat index, HNSW32 and IVF256, and hnswlib-node, where they are installed. */
export function peers({ vectors }: VectorSet): Contender[] {
  const faiss = faissNode();
  const graph = hnswlib(vectors, EFS);
  return [
    ...(faiss === undefined
      ? []
      : [
          faissContender(faiss, 'flat', buildFaiss(faiss, vectors, 'Flat')),
          faissContender(faiss, 'HNSW32', buildFaiss(faiss, vectors, 'HNSW32'), EFS),
          faissContender(faiss, 'IVF256', buildFaiss(faiss, vectors, 'IVF256,Flat', vectors.rows), NPROBES),
        ]),
    ...(graph === undefined ? [] : [graph]),
  ];
}

/** The k nearest of each query, by the exact driver in float32. */
export async function nearest(
  set: VectorSet,
  k: number,
): Promise<{ tuning: ArrayLike<number>[]; queries: ArrayLike<number>[] }> {
  const exact = await ours(set, 'exact', {});
  const ids = async (queries: VectorSet['queries']) =>
    (await exact.searchBatch(queries, k)).map((found) => found.ids);
  const answer = { tuning: await ids(set.tuning), queries: await ids(set.queries) };
  await exact.close();
  return answer;
}
