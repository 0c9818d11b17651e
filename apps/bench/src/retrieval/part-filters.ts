import { Rng } from '@towerkit/core';
import type { Filter, VectorIndex } from '@towerkit/retrieval';

import type { Args } from './args.js';
import { print } from '../arguments.js';
import { towerkit } from './contender.js';
import { ours } from './contenders.js';
import { latency, times } from './measure.js';
import { heldOutItems, type VectorSet } from './real-vectors.js';

const K = 10;

/** Allow lists of 10%, 1% and .01% of the items, and predicates that meet as many. */
export async function filters(args: Args): Promise<unknown> {
  const set = await heldOutItems(args.shared, Number(args.queries));
  print(`${set.name} under filters, k ${K}`);
  const indexes: [string, VectorIndex][] = [
    ['exact', await ours(set, 'exact', {})],
    ['exact int8', await ours(set, 'exact', { scan: 'int8' })],
    ['ivf', await ours(set, 'ivf', {})],
    ['hnsw', await ours(set, 'hnsw', {})],
  ];
  const rows = [];
  for (const [name, index] of indexes) rows.push(...(await underFilters(set, name, index, indexes[0][1])));
  await Promise.all(indexes.map(([, index]) => index.close()));
  return rows;
}

/** Latencies of an index, after every answer was compared in number and recall with the exact one. */
export async function underFilters(set: VectorSet, name: string, index: VectorIndex, exact: VectorIndex) {
  const rng = new Rng(4);
  const rows = [];
  for (const share of [0.1, 0.01, 0.0001]) {
    const count = Math.round(share * set.vectors.rows);
    const allowed: Filter[] = Array.from({ length: 20 }, () => {
      const ids = new Set<number>();
      while (ids.size < count) ids.add(rng.integer(set.vectors.rows));
      return { allow: Float64Array.from(ids) };
    });
    let hits = 0;
    let all = 0;
    for (let q = 0; q < Math.min(200, set.queries.rows); q++) {
      const filter = allowed[q % allowed.length];
      const { ids } = await index.search(set.queries.row(q), K, { filter });
      const wanted = new Set((await exact.search(set.queries.row(q), K, { filter })).ids);
      if (ids.length !== Math.min(K, count)) throw new Error(`${name}: ${ids.length} of ${count} items`);
      hits += ids.filter((id) => wanted.has(id)).length;
      all += ids.length;
    }
    const { p50, p99 } = latency(await times(towerkit(name, index), set.queries, K, allowed));
    rows.push({ name, share, count, recall: hits / all, p50, p99 });
    print(
      `  ${name}, ${100 * share}% (${count} items): ${Math.min(K, count)} results always, recall ${(hits / all).toFixed(4)}, ` +
        `p50 ${p50.toFixed(0)} us, p99 ${p99.toFixed(0)} us`,
    );
  }
  return rows;
}
