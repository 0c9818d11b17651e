import type { DuckDBConnection } from '@duckdb/node-api';

import { scanRecords, type Dialect } from './csv-records.js';
import { identifier, literal, pathLiteral, readable, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { badFile, type InputFile } from './input-file.js';
import { plainText } from './plain-text.js';
import { requireColumns, type Lines, type Source } from './source.js';

/** Lines without quotes that could hold a line break; DuckDB takes objects of up to 16 MiB. */
const LINES: Dialect = { delimiter: ',', quote: '', longest: 16_000_000 };

/** JSON lines: one object a line; a line that is not one, or that says a key twice, is a row with a `flaw`. */
export async function jsonlSource(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const { file: plain, close } = await plainText(file, LINES, true);
  try {
    const rows = `read_ndjson_objects(${pathLiteral(plain.path)}, ignore_errors = true,
      compression = '${plain.compression === 'gzip' ? 'gzip' : 'uncompressed'}')`;
    const declared = await requireKeys(connection, file, roles, rows);
    const selected = Object.entries(roles)
      .map(([role, column]) => `${textOf(column)} AS ${identifier(role)}`)
      .join(', ');
    return {
      sql: `SELECT ${selected}, ${FLAW} AS flaw FROM ${rows}`,
      declared,
      multiline: false,
      close,
      rejects: async () => [],
      async locate(rows) {
        const places: Lines[] = [];
        let row = 0;
        await scanRecords(plain, LINES, (_record, line, _lastLine, start, end) => {
          if (start === end) return false;
          if (row++ === rows[places.length]) places.push({ line, lines: 1 });
          return places.length === rows.length;
        });
        return places;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const FLAW = `CASE WHEN coalesce(json_type(json) <> 'OBJECT', true) THEN 'it is not a JSON object'
  WHEN len(json_keys(json)) > len(list_distinct(json_keys(json))) THEN 'the key "' || list_filter(json_keys(json),
    lambda key, place: list_position(json_keys(json), key) < place)[1] || '" stands twice' END`;

const NUMBERS = `('DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT')`;

/**
 * A key may be absent from some objects, not from all.
 *
 * @returns the roles of which every value is a number, or none is
 */
async function requireKeys(
  connection: DuckDBConnection,
  file: InputFile,
  roles: Readonly<Record<string, string>>,
  rows: string,
): Promise<Map<string, 'number' | 'text'>> {
  const type = (column: string) => `nullif(${typeOf(column)}, 'NULL')`;
  const exists = Object.values(roles).flatMap((column) => [
    `bool_or(${pointers(column)
      .map((key) => `json_exists(json, ${key})`)
      .join(' OR ')})`,
    `bool_and(${type(column)} IN ${NUMBERS})`,
  ]);
  const [[count, ...found]] = await rowsOf(
    connection,
    `SELECT count(*), ${exists.join(', ')} FROM ${rows}`,
  ).catch((cause: Error) => {
    throw badFile(file.path, 'it is not a file of JSON lines', cause);
  });
  if (count === 0) throw new TowerkitError('EMPTY_DATA', `${file.name} has no rows`);
  if (!Object.keys(roles).every((_, i) => found[2 * i] === true)) {
    const keys = await rowsOf(
      connection,
      `SELECT ${readable('key')} FROM (SELECT DISTINCT unnest(json_keys(json)) AS key FROM (SELECT json FROM ${rows}
       WHERE json_type(json) = 'OBJECT' LIMIT 1000)) ORDER BY key`,
    );
    if (keys.length > 0) requireColumns(file, roles, keys.map(String));
  }
  return new Map(Object.keys(roles).map((role, i) => [role, found[2 * i + 1] === true ? 'number' : 'text']));
}

/**
 * The value of a key as text. DuckDB gives numbers with a point or an exponent in a form of its own (1.50 as 1.5): they
 * are looked up in the line itself, where the first of the same key and value stands.
 */
function textOf(column: string): string {
  const value = firstOf(pointers(column).map((key) => `(json->>${key})`));
  const key = JSON.stringify(column.split('.').at(-1)).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const written = `regexp_extract_all(json::VARCHAR, ${literal(`${key}\\s*:\\s*(-?[0-9][0-9.eE+-]*)`)}, 1)`;
  const same = `list_filter(${written}, lambda text: try_cast(text AS DOUBLE) = try_cast(${value} AS DOUBLE))[1]`;
  const inexact = `${typeOf(column)} = 'DOUBLE' OR ${value} = '0'`;
  return `CASE WHEN ${inexact} THEN coalesce(${same}, ${value}) ELSE ${value} END`;
}

/** Where a column stands: under its own name, or, where that has points, within other objects: `user.id`. */
const pointers = (column: string): string[] =>
  column.includes('.')
    ? [pointer(column), literal(`/${column.split('.').map(escaped).join('/')}`)]
    : [pointer(column)];

const firstOf = (values: readonly string[]) =>
  values.length === 1 ? values[0] : `coalesce(${values.join(', ')})`;

const typeOf = (column: string) => firstOf(pointers(column).map((key) => `json_type(json, ${key})`));

/** A key as a JSON pointer (RFC 6901), in which no character of it means anything else. */
const pointer = (key: string) => literal(`/${escaped(key)}`);

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');
