import { createRequire } from 'node:module';
import { join } from 'node:path';

import { TowerkitError } from '@towerkit/core';

/** What is used of faiss-node. Everything else of it can end the process, or leaks. */
export interface FaissModule {
  readonly Index: {
    /** Throws for a file that is none; what is read is searched only. */
    read(path: string): FaissIndex;
  };
}
export interface FaissIndex {
  ntotal(): number;
  /** @param x numbers, shape [queries * dimensions] @param k at most ntotal */
  search(x: number[], k: number): { distances: number[]; labels: number[] };
}

export interface LoadedFaiss {
  readonly module: FaissModule;
  /** Where it is, for another process. */
  readonly path: string;
}

let loaded: LoadedFaiss | undefined;

/**
 * faiss-node from the folder TOWERKIT_FAISS, or as any package is found.
 *
 * @throws TowerkitError `MISSING_DRIVER`
 */
export function loadFaiss(): LoadedFaiss {
  loaded ??= withOneThread(() => {
    const folder = process.env.TOWERKIT_FAISS;
    try {
      const require = createRequire(folder ? join(folder, 'package.json') : import.meta.url);
      const path = require.resolve('faiss-node');
      return { path, module: require(path) as FaissModule };
    } catch (cause) {
      const where = folder ? ` in ${folder}` : '';
      throw new TowerkitError(
        'MISSING_DRIVER',
        `faiss-node is not installed${where}, or does not load here`,
        {
          hint:
            'npm install faiss-node@0.5.1 where its binary can be fetched; else compile it with ' +
            'node_modules/@towerkit/retrieval/scripts/build-faiss-node.sh FOLDER and set TOWERKIT_FAISS=FOLDER; ' +
            'or use the driver "hnsw"',
          details: { package: 'faiss-node' },
          cause,
        },
      );
    }
  });
  return loaded;
}

/** OpenMP reads its variable when it is loaded. One query at a time runs quickest on one thread. */
function withOneThread<T>(load: () => T): T {
  const before = process.env.OMP_NUM_THREADS;
  process.env.OMP_NUM_THREADS ??= '1';
  try {
    return load();
  } finally {
    if (before === undefined) delete process.env.OMP_NUM_THREADS;
  }
}
