import type { DuckDBConnection } from '@duckdb/node-api';

import { scanRecords } from './csv-records.js';
import { identifier, literal, pathLiteral, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { badFile, type InputFile } from './input-file.js';
import { requireColumns, type Source } from './source.js';

/** JSON lines: one object a line; a line that is not one is a row with `broken` set. */
export async function jsonlSource(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const rows = `read_ndjson_objects(${pathLiteral(file.path)}, ignore_errors = true,
    compression = '${file.compression === 'gzip' ? 'gzip' : 'uncompressed'}')`;
  await requireKeys(connection, file, roles, rows);
  const selected = Object.entries(roles)
    .map(([role, column]) => `(json->>${pointer(column)}) AS ${identifier(role)}`)
    .join(', ');
  return {
    sql: `SELECT ${selected}, coalesce(json_type(json) <> 'OBJECT', true) AS broken FROM ${rows}`,
    rejects: async () => [],
    async locate(row) {
      let at = -1;
      let seen = 0;
      await scanRecords(file, { delimiter: ',', quote: '' }, (_record, line, _start, _end, blank) => {
        if (blank || seen++ < row) return false;
        at = line;
        return true;
      });
      return { line: at };
    },
  };
}

/** A key may be absent from some objects, not from all. */
async function requireKeys(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
  rows: string,
): Promise<void> {
  const exists = Object.values(roles).map((column) => `bool_or(json_exists(json, ${pointer(column)}))`);
  const [[count, ...present]] = await rowsOf(
    connection,
    `SELECT count(*), ${exists.join(', ')} FROM ${rows}`,
  ).catch((cause: Error) => {
    throw badFile(file.path, cause.message, cause);
  });
  if (count === 0) throw new TowerkitError('EMPTY_DATA', `${file.name} has no rows`);
  if (present.every((found) => found === true)) return;
  const keys = await rowsOf(
    connection,
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM (SELECT json FROM ${rows}
     WHERE json_type(json) = 'OBJECT' LIMIT 1000) ORDER BY key`,
  );
  if (keys.length > 0) requireColumns(file, roles, keys.map(String));
}

/** A key as a JSON pointer (RFC 6901), in which no character of it means anything else. */
const pointer = (key: string) => literal(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
