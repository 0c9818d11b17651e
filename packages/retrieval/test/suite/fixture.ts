import { expect } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Filter,
  type IndexOptions,
  loadIndex,
  type Neighbors,
  type VectorIndex,
} from '../../src/index.js';
import { clustered, columnsOf, type Item, itemsOf, ranked } from './vectors.js';

/** What the suite needs of a driver. */
export interface Conformance {
  create(options: IndexOptions): Promise<VectorIndex>;
  /** Opens a saved index; `loadIndex` by default. */
  load?(path: string): Promise<VectorIndex>;
  /** Recall to be reached on average, 1 for exact drivers. */
  readonly recall: number;
  /** Items of the large set, 6,000 by default: enough that an approximate driver uses its graph. */
  readonly items?: number;
}

/** Dimensions of every vector of the suite. */
export const D = 24;

/** What an answer is compared with. */
export interface Expected {
  readonly k?: number;
  readonly filter?: Filter;
  readonly cosine?: boolean;
}

export type Fixture = ReturnType<typeof createFixture>;

/** Items, queries, and indexes of a driver that are closed at the end. */
export function createFixture({ create, load = loadIndex, recall, items: size = 6_000 }: Conformance) {
  const opened: VectorIndex[] = [];
  let folder: string;
  const queries = clustered(30, D, 99);
  const all = itemsOf(clustered(size, D));

  const keep = (index: VectorIndex) => {
    opened.push(index);
    return index;
  };
  const open = async (options: Partial<IndexOptions> = {}) =>
    keep(await create({ dimensions: D, ...options }));
  const filled = async (items: readonly Item[], options: Partial<IndexOptions> = {}) => {
    const index = await open(options);
    const { vectors, ids, attributes } = columnsOf(items);
    await index.build(vectors, { ids, attributes });
    return index;
  };

  /** Answers hold what is allowed, with its right score, in order, and enough of the best. */
  async function expectAnswers(
    index: VectorIndex,
    items: readonly Item[],
    { k = 10, filter, cosine = false }: Expected = {},
  ): Promise<void> {
    let hits = 0;
    let most = 0;
    const batch = await index.searchBatch(queries, k, { filter });
    expect(batch).toHaveLength(queries.rows);
    for (let q = 0; q < queries.rows; q++) {
      const wanted = ranked(items, queries.row(q), cosine);
      const scoreOf = new Map(wanted.map(({ id, score }) => [id, score]));
      for (const answer of [await index.search(queries.row(q), k, { filter }), batch[q]]) {
        expectWhole(answer, Math.min(k, items.length), scoreOf);
        // An item whose score equals that of the last place up to rounding counts as well.
        const last = wanted[Math.min(k, items.length) - 1]?.score ?? 0;
        hits += [...answer.ids].filter((id) => scoreOf.get(id)! >= last - 1e-5).length;
        most += Math.min(k, items.length);
      }
    }
    expect(most === 0 ? 1 : hits / most).toBeGreaterThanOrEqual(recall);
  }

  function expectWhole({ ids, scores }: Neighbors, k: number, scoreOf: ReadonlyMap<number, number>): void {
    expect(ids).toHaveLength(k);
    expect(scores).toHaveLength(k);
    expect(new Set(ids).size).toBe(k);
    for (let i = 0; i < k; i++) {
      expect(scoreOf.has(ids[i])).toBe(true);
      expect(Math.abs(scores[i] - scoreOf.get(ids[i])!)).toBeLessThan(1e-5);
      if (i > 0) expect(scores[i]).toBeLessThanOrEqual(scores[i - 1]);
      if (i > 0 && scores[i] === scores[i - 1]) expect(ids[i]).toBeGreaterThan(ids[i - 1]);
    }
  }

  return {
    ...{ size, queries, all, few: all.slice(0, 200) },
    ...{ open, filled, expectAnswers },
    /** Opens a saved index. */
    load: async (path: string) => keep(await load(path)),
    /** A path in a folder of the suite's own. */
    at: (name: string) => join(folder, name),
    begin: async () => void (folder = await mkdtemp(join(tmpdir(), 'towerkit-index-'))),
    end: async () => {
      await Promise.all(opened.map((index) => index.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
