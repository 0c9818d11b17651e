import { rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { ColumnProfile } from '../profile/column-profile.js';
import { valueOf } from '../profile/profile-table.js';
import type { ProfiledFile } from './tables.js';

/** Figures of two columns together. */
export interface PairFigures {
  /** Rows with both, and different pairs among them. */
  readonly rows: number;
  readonly pairs: number;
}

/** Rows that pairs are counted over, at most. */
const ROWS = 2_000_000;

/** Counts the pairs of two columns. */
export async function countPairs(
  connection: DuckDBConnection,
  file: ProfiledFile,
  a: ColumnProfile,
  b: ColumnProfile,
): Promise<PairFigures> {
  const [[rows, pairs]] = await rowsOf(
    connection,
    `SELECT coalesce(sum(k), 0)::BIGINT, count(*) FROM (SELECT count(*) AS k FROM
     (SELECT ${valueOf(`c${a.place}`)} AS a, ${valueOf(`c${b.place}`)} AS b FROM ${file.table} LIMIT ${ROWS})
     WHERE a IS NOT NULL AND b IS NOT NULL GROUP BY a, b)`,
  );
  return { rows: Number(rows), pairs: Number(pairs) };
}

/** How surely a value of one column says that of another: 1 where it always does, 0 where it does as chance would. */
export async function dependence(
  connection: DuckDBConnection,
  file: ProfiledFile,
  of: ColumnProfile,
  on: ColumnProfile,
): Promise<number> {
  const share = of.top && of.filled > 0 ? of.top.rows / of.filled : 1;
  const step = Math.max(1, Math.floor(file.rows / 150_000));
  const [[groups, alike, chance]] = await rowsOf(
    connection,
    `SELECT count(*), avg((d = 1)::INT), avg(pow(${share}, n - 1)) FROM
     (SELECT count(*) AS n, count(DISTINCT v) AS d FROM
      (SELECT ${valueOf(`c${on.place}`)} AS k, coalesce(${valueOf(`c${of.place}`)}, '') AS v FROM ${file.table})
      WHERE k IS NOT NULL AND hash(k) % ${step} = 0 GROUP BY k HAVING count(*) > 1)`,
  );
  if (Number(groups) < 3) return 0;
  const by = Number(chance);
  return by >= 0.999 ? 0 : Math.max(0, (Number(alike) - by) / (1 - by));
}

/** Of rows at one time in a column: the share that have the value of the row before in another, as baskets do of their user. */
export async function togetherness(
  connection: DuckDBConnection,
  file: ProfiledFile,
  column: ColumnProfile,
  time: ColumnProfile,
): Promise<number> {
  const [[moments, alike]] = await rowsOf(
    connection,
    `SELECT count(*), avg((d = 1)::INT) FROM (SELECT count(DISTINCT ${valueOf(`c${column.place}`)}) AS d
     FROM (SELECT * FROM ${file.table} LIMIT 500000) WHERE c${time.place} IS NOT NULL
     GROUP BY c${time.place} HAVING count(*) > 1)`,
  );
  return Number(moments) < 5 ? 0 : Number(alike);
}

/** Share of the rows whose value is that of the row before: near 1 for a file sorted by the column. */
export async function sortedness(
  connection: DuckDBConnection,
  file: ProfiledFile,
  column: ColumnProfile,
): Promise<number> {
  const [[share]] = await rowsOf(
    connection,
    `SELECT avg((v = before)::INT) FROM (SELECT c${column.place} AS v, lag(c${column.place}) OVER (ORDER BY n) AS before
     FROM (SELECT * FROM ${file.table} LIMIT 500000))`,
  );
  return Number(share ?? 0);
}

/** Share of a user's consecutive rows whose number does not fall. */
export async function risesWithin(
  connection: DuckDBConnection,
  file: ProfiledFile,
  column: ColumnProfile,
  user: ColumnProfile,
): Promise<number> {
  const [[share]] = await rowsOf(
    connection,
    `SELECT avg((v >= before)::INT) FROM (SELECT v, lag(v) OVER (PARTITION BY u ORDER BY n) AS before FROM
     (SELECT n, c${user.place} AS u, try_cast(c${column.place} AS DOUBLE) AS v FROM ${file.table} LIMIT 500000)) WHERE before IS NOT NULL`,
  );
  return Number(share ?? 0);
}

/** Share of the rows that the most frequent tenth of a column's values has. */
export async function headShare(
  connection: DuckDBConnection,
  file: ProfiledFile,
  column: ColumnProfile,
): Promise<number> {
  const [[share]] = await rowsOf(
    connection,
    `SELECT sum(k) FILTER (place <= greatest(1, n / 10)) / sum(k) FROM
     (SELECT k, row_number() OVER (ORDER BY k DESC) AS place, count(*) OVER () AS n FROM
      (SELECT count(*) AS k FROM ${file.table} WHERE c${column.place} IS NOT NULL GROUP BY c${column.place}))`,
  );
  return Number(share ?? 0);
}
