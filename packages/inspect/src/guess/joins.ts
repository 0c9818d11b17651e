import { rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import { isTime, isUnique, type ColumnProfile } from '../profile/column-profile.js';
import { valueOf } from '../profile/profile-table.js';
import { nameScore, wordsOf } from './names.js';
import type { ProfiledFile } from './tables.js';

/** How the values of a column are found among the ids of a table. */
export interface Join {
  readonly from: ProfiledFile;
  readonly column: ColumnProfile;
  readonly table: ProfiledFile;
  readonly key: ColumnProfile;
  /** Different values that the table has. */
  readonly shared: number;
  /** Their share of the different values of the column, and of those of the key. */
  readonly contained: number;
  readonly covered: number;
}

/** A column whose name says that its values are ids, though they look like numbers with decimals. */
export const namesId = (name: string) =>
  wordsOf(name).includes('id') && Math.max(nameScore(name, 'user'), nameScore(name, 'item')) > 2;

/** Columns that ids may stand in. */
export const mayBeId = (column: ColumnProfile): boolean =>
  column.distinct >= 2 &&
  !column.time &&
  column.words < 8 &&
  column.clocks < 0.98 &&
  column.objects === undefined &&
  column.length <= 200 &&
  (column.numbers < 0.98 ||
    column.whole === 1 ||
    namesId(column.name) ||
    /^-?\d+\.0$/.test(column.examples[0] ?? '')) &&
  column.commas <= column.numbers &&
  !column.list;

/** The columns of a table that may be its ids: (nearly) no value comes twice, and short. */
export const keysOf = (file: ProfiledFile): ColumnProfile[] =>
  file.profiles.filter(
    (column) =>
      mayBeId(column) &&
      !isTime(column) &&
      column.words < 4 &&
      column.urls < 0.5 &&
      (isUnique(column) || nearlyUnique(column)) &&
      (column.decimals === 0 || (column.whole === 1 && column.decimals === 1)),
  );

/** A key with some ids twice: a catalog that says something several times. */
const nearlyUnique = ({ filled, rows, distinct, place }: ColumnProfile) =>
  place === 0 && filled > 0.9 * rows && distinct > 0.8 * filled && rows > 10;

/** How every column of a file that may hold ids joins the keys of the other files. */
export async function joinsOf(
  connection: DuckDBConnection,
  from: ProfiledFile,
  tables: readonly ProfiledFile[],
): Promise<Join[]> {
  const joins: Join[] = [];
  for (const table of tables)
    for (const key of keysOf(table))
      for (const column of from.profiles.filter(mayBeId)) {
        if (column.distinct < 2) continue;
        const [[shared]] = await rowsOf(
          connection,
          `SELECT count(*) FROM (SELECT DISTINCT ${valueOf(`c${column.place}`)} AS v FROM ${from.table}) AS a
           WHERE v IS NOT NULL AND v IN (SELECT ${valueOf(`c${key.place}`)} FROM ${table.table})`,
        );
        if (Number(shared) === 0) continue;
        joins.push({
          ...{ from, column, table, key, shared: Number(shared) },
          ...{ contained: Number(shared) / column.distinct, covered: Number(shared) / key.distinct },
        });
      }
  return joins;
}

/** How much a join says: all values found, many of them, and most of the table's ids. */
export const joinScore = ({ shared, contained, covered }: Join): number =>
  4 * contained * Math.min(1, Math.log10(shared + 1) / 2) + 2 * covered * Math.min(1, shared / 20);
