import type { Matrix } from '@towerkit/core';

import { batches } from '../database/batches.js';
import { inParallel } from '../database/in-parallel.js';
import type { Found, StoreFilter } from '../database/store.js';
import type { Connection } from './connection.js';
import { filterSql } from './filter-sql.js';
import { vectorText, type Table } from './table.js';

/** What is looked for, and how. */
export interface Search {
  readonly count: number;
  readonly filter: StoreFilter;
  /** Whether every row that passes is looked at; otherwise the graph is followed. */
  readonly exactly: boolean;
  /** Settings of pgvector. */
  readonly set: Readonly<Record<string, number | string>>;
}

/** Queries of one statement. */
const TOGETHER = 64;

/** For each query the best that pass the filter, in any order; statements run on so many connections at once. */
export async function searchTable(
  connection: Connection,
  table: Table,
  queries: Matrix,
  search: Search,
  connections: number,
): Promise<Found[]> {
  const found = Array.from({ length: queries.rows }, () => ({ ids: [] as number[], scores: [] as number[] }));
  await inParallel([...batches(queries.rows, TOGETHER)], connections, async ({ from, to }) => {
    const [text, values] = statement(table, queries, from, to, search);
    const answers = await connection.transaction(
      (query) => query<{ i: string; id: string; score: number }>(text, values),
      { set: search.set },
    );
    for (const { i, id, score } of answers.rows) {
      const one = found[from + Number(i) - 1];
      one.ids.push(Number(id));
      one.scores.push(score);
    }
  });
  return found;
}

/** All the queries in one statement. No index serves an order by `+ 0`: that one reads every row that passes. */
function statement(
  table: Table,
  queries: Matrix,
  from: number,
  to: number,
  { count, filter, exactly }: Search,
): [string, unknown[]] {
  const vectors = Array.from({ length: to - from }, (_, i) => vectorText(queries.row(from + i)));
  const values: unknown[] = [vectors];
  const passes = filterSql(filter, (value) => `$${values.push(value)}`);
  const order = exactly ? '(embedding <#> q.v) + 0, id' : 'embedding <#> q.v';
  return [
    `SELECT q.i, best.id, best.score FROM unnest($1::vector[]) WITH ORDINALITY AS q(v, i)
     CROSS JOIN LATERAL (
       SELECT id, -(embedding <#> q.v) AS score FROM ${table.sql} WHERE ${passes} ORDER BY ${order} LIMIT ${count}
     ) AS best`,
    values,
  ];
}
