import type { Matrix } from '@towerkit/core';

import type { Found, StoreFilter } from '../database/store.js';
import { batches } from '../database/batches.js';
import { inParallel } from '../database/in-parallel.js';
import type { Connection } from './connection.js';
import { filterSql } from './filter-sql.js';
import { vectorText } from './quoting.js';
import type { Table } from './table.js';

export interface How {
  readonly ef: number;
  readonly iterates: boolean;
  readonly connections: number;
  readonly size: number;
}

/** Queries of one statement. */
const TOGETHER = 64;

/** hnsw.ef_search takes no more. */
const MOST_EF = 1000;

/**
 * For each query the k best that pass the filter. The graph is asked first; for a query that it gave fewer than k the
 * table itself is, which is exact. So it is at once where ids are given or k is at least what there is.
 */
export async function searchTable(
  connection: Connection,
  table: Table,
  queries: Matrix,
  k: number,
  filter: StoreFilter,
  { ef, iterates, connections, size }: How,
): Promise<Found[]> {
  const found: Found[] = new Array(queries.rows);
  const set = {
    'hnsw.ef_search': Math.min(MOST_EF, Math.max(ef, k)),
    ...(iterates ? { 'hnsw.iterative_scan': 'relaxed_order' } : {}),
  };
  const ask = async (rows: number[], exactly: boolean) => {
    const answers = await connection.transaction(
      async (query) => {
        const [text, values] = statement(table, queries, rows, k, filter, exactly);
        return (await query<{ i: string; id: string; score: number }>(text, values)).rows;
      },
      { set: exactly ? {} : set },
    );
    const parts = rows.map(() => ({ ids: [] as number[], scores: [] as number[] }));
    for (const { i, id, score } of answers) {
      parts[Number(i) - 1].ids.push(Number(id));
      parts[Number(i) - 1].scores.push(score);
    }
    rows.forEach((row, at) => (found[row] = parts[at]));
  };
  const graph = filter.allow === undefined && k < size;
  await inParallel([...batches(queries.rows, TOGETHER)], connections, async ({ from, to }) => {
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    if (graph) await ask(rows, false);
    const rest = graph ? rows.filter((row) => found[row].ids.length < k) : rows;
    if (rest.length > 0) await ask(rest, true);
  });
  return found;
}

/** All the queries in one statement. No index serves an order by `+ 0`: that one reads every row that passes. */
function statement(
  table: Table,
  queries: Matrix,
  rows: readonly number[],
  k: number,
  filter: StoreFilter,
  exactly: boolean,
): [string, unknown[]] {
  const values: unknown[] = [rows.map((row) => vectorText(queries.row(row)))];
  const passes = filterSql(filter, (value) => `$${values.push(value)}`);
  const order = exactly ? '(embedding <#> q.v) + 0, id' : 'embedding <#> q.v';
  return [
    `SELECT q.i, best.id, best.score FROM unnest($1::vector[]) WITH ORDINALITY AS q(v, i)
     CROSS JOIN LATERAL (
       SELECT id, -(embedding <#> q.v) AS score FROM ${table.sql} WHERE ${passes} ORDER BY ${order} LIMIT ${k}
     ) AS best`,
    values,
  ];
}
