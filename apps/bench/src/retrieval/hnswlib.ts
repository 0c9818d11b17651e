import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Matrix } from '@towerkit/core';

import type { Contender } from './contender.js';

interface Hnswlib {
  HierarchicalNSW: new (
    space: string,
    dimensions: number,
  ) => {
    initIndex(most: number, m: number, efConstruction: number): void;
    addPoint(vector: number[], label: number): void;
    setEf(ef: number): void;
    searchKnn(vector: number[], k: number): { neighbors: number[] };
  };
}

/** hnswlib-node (M 16, efConstruction 200) from the folder that TOWERKIT_HNSWLIB names; undefined without it. */
export function hnswlib(vectors: Matrix, values: readonly number[]): Contender | undefined {
  const folder = process.env.TOWERKIT_HNSWLIB;
  if (folder === undefined) return undefined;
  const { HierarchicalNSW } = createRequire(join(folder, 'package.json'))('hnswlib-node') as Hnswlib;
  const index = new HierarchicalNSW('ip', vectors.cols);
  index.initIndex(vectors.rows, 16, 200);
  for (let row = 0; row < vectors.rows; row++) index.addPoint(Array.from(vectors.row(row)), row);
  return {
    name: 'hnswlib-node',
    values,
    set: (ef) => index.setEf(ef),
    prepare: (query) => Array.from(query),
    search: (query, k) => index.searchKnn(query as number[], k).neighbors,
    close: () => Promise.resolve(),
  };
}
