import type { DuckDBConnection } from '@duckdb/node-api';

import { identifier, pathLiteral, rowsOf } from './duckdb.js';
import { badFile, type InputFile } from './input-file.js';
import { requireColumns, type Source } from './source.js';

/** A Parquet file; values of any type are read as their text. */
export async function parquetSource(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const rows = parquetRows(file);
  const columns = await parquetColumns(connection, file);
  requireColumns(
    file,
    roles,
    columns.map(([name]) => name),
  );
  const selected = Object.entries(roles)
    .map(([role, column]) => `${identifier(column)}::VARCHAR AS ${identifier(role)}`)
    .join(', ');
  return {
    sql: `SELECT ${selected}, false AS broken FROM ${rows}`,
    rejects: async () => [],
    locate: async (row) => ({ row: row + 1 }),
  };
}

/** The file as a table expression; a folder named `a=b` adds no column. */
export const parquetRows = (file: InputFile) =>
  `read_parquet(${pathLiteral(file.path)}, hive_partitioning = false)`;

/** Name and DuckDB type of each column. */
export async function parquetColumns(
  connection: DuckDBConnection,
  file: InputFile,
): Promise<[name: string, type: string][]> {
  const described = await rowsOf(connection, `DESCRIBE SELECT * FROM ${parquetRows(file)}`).catch(
    (cause: Error) => {
      throw badFile(file.path, `it is not a whole Parquet file (${cause.message.split('\n')[0]})`, cause);
    },
  );
  return described.map(([name, type]) => [String(name), String(type)]);
}
