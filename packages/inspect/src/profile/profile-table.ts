import { literal, rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { LoadedFile } from '../files/load.js';
import type { ColumnProfile } from './column-profile.js';
import { shapesOf } from './profile-values.js';

/** Rows that the shapes of values are told from. */
const SAMPLE = 20_000;
/** Different values up to which all of them are listed. */
const FEW = 40;

/** Words for a missing value, beside an empty one. */
const MISSING = ['nan', 'na', 'n/a', '#n/a', '<na>', 'null', 'none', '-', '\\n'];

/** SQL for a value, null for words that say there is none. */
export const valueOf = (column: string) =>
  `CASE WHEN lower(${column}) IN (${MISSING.map(literal).join(', ')}) THEN NULL ELSE ${column} END`;

/** What every column of a table holds: counts over all its rows, shapes of values over some. */
export async function profileTable(
  connection: DuckDBConnection,
  { table, columns, declared, rows }: LoadedFile,
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  const step = Math.max(1, Math.floor(rows / SAMPLE));
  for (const [place, name] of columns.entries()) {
    const value = valueOf(`c${place}`);
    const [[filled, distinct, most, top]] = await rowsOf(
      connection,
      `SELECT coalesce(sum(k), 0)::BIGINT, count(*), max(k), arg_max(v, k) FROM
       (SELECT v, count(*) AS k FROM (SELECT ${value} AS v FROM ${table}) WHERE v IS NOT NULL GROUP BY v)`,
    );
    // The first rows are often alike: rows from all over the table, every so many of them.
    const sample = await rowsOf(
      connection,
      `SELECT v FROM (SELECT n, ${value} AS v FROM ${table}) WHERE v IS NOT NULL AND n % ${step} = ${step > 1 ? 1 : 0} ORDER BY n LIMIT ${2 * SAMPLE}`,
    );
    const few =
      Number(distinct) <= FEW
        ? await rowsOf(
            connection,
            `SELECT DISTINCT v FROM (SELECT ${value} AS v FROM ${table}) WHERE v IS NOT NULL ORDER BY v`,
          )
        : undefined;
    profiles.push({
      ...{ name, place, rows },
      ...(declared[place] !== undefined && { declared: declared[place] }),
      ...{ filled: Number(filled), distinct: Number(distinct) },
      ...(most !== null && { top: { value: String(top), rows: Number(most) } }),
      ...shapesOf(sample.map(([text]) => String(text))),
      ...(few && { values: few.map(([text]) => String(text)) }),
    });
  }
  return profiles;
}
