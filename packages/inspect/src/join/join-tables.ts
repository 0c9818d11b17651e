import { identifier, rowsOf } from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';

import type { LoadedFile } from '../files/load.js';
import type { Join } from '../guess/joins.js';
import type { ProfiledFile } from '../guess/tables.js';
import { profileTable } from '../profile/profile-table.js';

/** Two files that a log is made of: lines of orders, and who placed each order. */
export interface Joined {
  /** Paths as they were given. */
  readonly lines: string;
  readonly header: string;
  /** The columns whose values are the same. */
  readonly on: readonly [lines: string, header: string];
}

/** Name of the file that the two are written to. */
export const JOINED = 'interactions.parquet';

/** Columns of two files side by side, the key of the second left out: SQL and names. */
export function joinedColumns(
  lines: Pick<LoadedFile, 'columns'>,
  header: Pick<LoadedFile, 'columns'>,
  key: string,
): { readonly name: string; readonly sql: string }[] {
  const seen = new Set<string>();
  const own = (name: string): string => {
    let free = name;
    while (seen.has(free.toLowerCase())) free = `order_${free}`;
    seen.add(free.toLowerCase());
    return free;
  };
  return [
    ...lines.columns.map((name, place) => ({ name: own(name), sql: `l.c${place}` })),
    ...header.columns.flatMap((name, place) =>
      name === key ? [] : [{ name: own(name), sql: `h.c${place}` }],
    ),
  ];
}

/** Lines with what the other file says of their order, as one more table. */
export async function joinTables(
  connection: DuckDBConnection,
  { from, column, table: header, key }: Join,
): Promise<ProfiledFile & { readonly joined: Joined }> {
  const table = 'joined';
  const columns = joinedColumns(from, header, key.name);
  const values = columns.map(({ sql }, place) => `${sql} AS c${place}`).join(', ');
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT row_number() OVER (ORDER BY l.n) AS n, ${values}
     FROM ${from.table} AS l JOIN ${header.table} AS h ON l.c${column.place} = h.c${key.place}`,
  );
  const [[rows]] = await rowsOf(connection, `SELECT count(*) FROM ${table}`);
  const samples = await rowsOf(connection, `SELECT * EXCLUDE (n) FROM ${table} ORDER BY n LIMIT 3`);
  const file: LoadedFile = {
    ...{ path: JOINED, name: JOINED, table, rows: Number(rows), bytes: from.bytes + header.bytes },
    layout: { format: 'parquet', oddities: [] },
    columns: columns.map(({ name }) => name),
    declared: columns.map(() => undefined),
    ...(from.sampled && { sampled: from.sampled }),
    ...{ rejected: from.rejected + header.rejected, oddities: [...from.oddities, ...header.oddities] },
  };
  return {
    ...file,
    profiles: await profileTable(connection, file),
    samples: samples.map((row) => row.map((value) => (value === null ? null : String(value)))),
    joined: { lines: from.path, header: header.path, on: [column.name, key.name] },
  };
}

/** SQL for the rows of the two files under the names of their columns. */
export const joinedRows = (lines: LoadedFile, header: LoadedFile, { on }: Pick<Joined, 'on'>): string => {
  const values = joinedColumns(lines, header, on[1]).map(({ name, sql }) => `${sql} AS ${identifier(name)}`);
  const [a, b] = [lines.columns.indexOf(on[0]), header.columns.indexOf(on[1])];
  return `SELECT ${values.join(', ')} FROM ${lines.table} AS l JOIN ${header.table} AS h ON l.c${a} = h.c${b} ORDER BY l.n`;
};
