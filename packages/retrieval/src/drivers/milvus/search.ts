import type { Matrix } from '@towerkit/core';
import { dot } from '@towerkit/kernels/internal';

import { batches } from '../database/batches.js';
import { inParallel } from '../database/in-parallel.js';
import type { Found, StoreFilter } from '../database/store.js';
import type { Connection } from './connection.js';
import { filterExpression, idsExpression } from './filter-expression.js';

/** Queries of one request, and requests at once. */
const TOGETHER = 64;
const AT_ONCE = 4;

/** Rows that are fetched at a time. */
const FETCHED = 4096;

/** The most that a search of Milvus returns. */
export const MOST = 16_384;

/** By the graph, which looks at so many candidates. milvus-lite looks at no more than it returns where there is a filter. */
export async function nearest(
  connection: Connection,
  collection: string,
  queries: Matrix,
  count: number,
  filter: StoreFilter,
  candidates: number,
): Promise<Found[]> {
  const found: Found[] = Array.from({ length: queries.rows }, () => ({ ids: [], scores: [] }));
  const expression = filterExpression(filter);
  await inParallel([...batches(queries.rows, TOGETHER)], AT_ONCE, async ({ from, to }) => {
    const vectors = Array.from({ length: to - from }, (_, i) => Array.from(queries.row(from + i)));
    const { results } = await connection.call((client) =>
      client.search({
        collection_name: collection,
        data: vectors,
        anns_field: 'embedding',
        metric_type: 'IP',
        limit: Math.min(MOST, candidates),
        filter: expression,
        params: { ef: candidates },
        output_fields: ['id'],
        consistency_level: 'Strong' as never,
      }),
    );
    const lists = (Array.isArray(results[0]) ? results : [results]) as { id: string; score: number }[][];
    lists.forEach((hits, i) => (found[from + i] = columns(hits, count)));
  });
  return found;
}

/** By fetching every row that passes and scoring it here: for what the graph does not find. */
export async function exact(
  connection: Connection,
  collection: string,
  queries: Matrix,
  k: number,
  filter: StoreFilter,
): Promise<Found[]> {
  const ids = await idsOf(connection, collection, filterExpression(filter));
  const best = Array.from({ length: queries.rows }, () => [] as { id: number; score: number }[]);
  for (const { from, to } of batches(ids.length, FETCHED)) {
    const { data } = await connection.call((client) =>
      client.query({
        collection_name: collection,
        filter: idsExpression(ids.slice(from, to)),
        output_fields: ['id', 'embedding'],
        consistency_level: 'Strong' as never,
      }),
    );
    best.forEach((kept, row) => {
      const query = queries.row(row);
      // Rounded as float32, so that equal vectors have equal scores on either way.
      for (const { id, embedding } of data)
        kept.push({ id: Number(id), score: Math.fround(dot(query, embedding)) });
      kept.sort((a, b) => b.score - a.score || a.id - b.id).splice(k);
    });
  }
  return best.map((kept) => columns(kept, k));
}

/** The ids of all that passes. */
export async function idsOf(connection: Connection, collection: string, filter: string): Promise<number[]> {
  const { data } = await connection.call((client) =>
    client.query({
      collection_name: collection,
      filter,
      output_fields: ['id'],
      consistency_level: 'Strong' as never,
    }),
  );
  return data.map(({ id }) => Number(id));
}

/** How many rows pass. */
export async function countOf(connection: Connection, collection: string, filter = ''): Promise<number> {
  const { data } = await connection.call((client) =>
    client.query({
      collection_name: collection,
      filter,
      output_fields: ['count(*)'],
      consistency_level: 'Strong' as never,
    }),
  );
  return Number(data[0]['count(*)']);
}

const columns = (hits: readonly { id: string | number; score: number }[], count: number): Found => ({
  ids: hits.slice(0, count).map(({ id }) => Number(id)),
  scores: hits.slice(0, count).map(({ score }) => score),
});
