import type { DuckDBConnection } from '@duckdb/node-api';

import { identifier, pathLiteral, readable, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { badFile, type InputFile } from './input-file.js';
import { requireColumns, requireDistinct, type Source } from './source.js';

/** A Parquet file; values of any type are read as their text, lists as JSON. */
export async function parquetSource(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const rows = parquetRows(file);
  const columns = await parquetColumns(connection, file);
  const types = new Map(columns);
  requireColumns(file, roles, [...types.keys()]);
  const selected = Object.entries(roles)
    .map(([role, column]) => `${textOf(column, types.get(column)!)} AS ${identifier(role)}`)
    .join(', ');
  return {
    sql: `SELECT ${selected}, NULL::VARCHAR AS flaw FROM ${rows}`,
    declared: new Map(
      Object.entries(roles).map(([role, column]) => [
        role,
        NUMBER.test(types.get(column)!) ? 'number' : 'text',
      ]),
    ),
    multiline: false,
    rejects: async () => [],
    locate: async (places) => places.map((row) => ({ row: row + 1 })),
    close: () => Promise.resolve(),
  };
}

/** A value as text: lists and records as JSON, so that their values can be told apart. */
const textOf = (column: string, type: string) =>
  /(\]|^MAP.*|^STRUCT.*)$/.test(type)
    ? `to_json(${identifier(column)})::VARCHAR`
    : `${identifier(column)}::VARCHAR`;

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/;

/** The file as a table expression; a folder named `a=b` adds no column. */
export const parquetRows = (file: InputFile) =>
  `read_parquet(${pathLiteral(file.path)}, hive_partitioning = false)`;

/** Rows of a byte of file, at most: more would be one value over and over, or a file made to fill the memory. */
const ROWS_PER_BYTE = 100;
/** Rows that any file may have. */
const FREE_ROWS = 1_000_000;

/**
 * Name and DuckDB type of each column.
 *
 * @throws TowerkitError `BAD_FILE`; `TOO_LARGE` for a file that claims more rows than its bytes can hold;
 *   `DUPLICATE_COLUMN` for names that differ in case alone, which DuckDB takes for one
 */
export async function parquetColumns(
  connection: DuckDBConnection,
  file: InputFile,
): Promise<[name: string, type: string][]> {
  const ask = (sql: string) =>
    rowsOf(connection, sql).catch((cause: Error) => {
      throw badFile(file.path, 'it is not a whole Parquet file', cause, 'write or copy it again');
    });
  const [[rows, bytes]] = await ask(
    `SELECT num_rows, file_size_bytes FROM parquet_file_metadata(${pathLiteral(file.path)})`,
  );
  if (Number(rows) > Math.max(FREE_ROWS, ROWS_PER_BYTE * Number(bytes)))
    throw new TowerkitError('TOO_LARGE', `${file.name} claims ${rows} rows in ${bytes} bytes`, {
      hint: 'see where it comes from; no honest table is packed so densely',
      details: { file: file.path, rows, bytes },
    });
  const schema = await ask(
    `SELECT ${readable('name')}, num_children FROM parquet_schema(${pathLiteral(file.path)})`,
  );
  const names = topLevel(schema.map(([name, children]) => [String(name), Number(children ?? 0)]));
  requireDistinct(file, names, (name) => name.toLowerCase());
  const described = await ask(
    `SELECT ${readable('column_name')}, column_type FROM (DESCRIBE SELECT * FROM ${parquetRows(file)})`,
  );
  return described.map(([name, type]) => [String(name), String(type)]);
}

/** The columns of a schema that is written depth first, its root before all. */
function topLevel(schema: readonly (readonly [name: string, children: number])[]): string[] {
  const names: string[] = [];
  let inner = 0; // elements still to come below the current column
  for (const [name, children] of schema.slice(1)) {
    if (inner === 0) names.push(name);
    else inner--;
    inner += children;
  }
  return names;
}
