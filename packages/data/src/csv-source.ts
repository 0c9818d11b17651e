import { badOption } from '@towerkit/core';
import type { DuckDBConnection } from '@duckdb/node-api';

import { firstRecord, scanRecords, type Dialect } from './csv-records.js';
import { identifier, literal, pathLiteral, rowsOf } from './duckdb.js';
import { TowerkitError } from './errors.js';
import type { InputFile } from './input-file.js';
import { plainText } from './plain-text.js';
import {
  requireColumns,
  requireDistinct,
  type Lines,
  type RecordFormat,
  type Reject,
  type Source,
} from './source.js';

let sources = 0; // names the table that collects a file's rejects

/**
 * A delimited file. Nothing is guessed: the dialect is given, every column is text, and DuckDB's own rejects
 * table tells which records do not fit.
 */
export async function csvSource(
  connection: DuckDBConnection,
  file: InputFile,
  options: RecordFormat,
  roles: Readonly<Record<string, string>>,
): Promise<Source> {
  const dialect = dialectOf(options);
  const { encoding = 'utf-8' } = options;
  const header = options.header ?? options.columnNames === undefined;
  const { file: plain, multiline, close } = await plainText(file, dialect, false);
  try {
    const names = await columnsOf(file, options);
    requireColumns(file, roles, names);
    return sourceOf(names);
  } catch (error) {
    await close();
    throw error;
  }

  function sourceOf(names: readonly string[]): Source {
    const rejected = `rejects_${++sources}`;
    const columns = names.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
    const selected = Object.entries(roles)
      .map(([role, column]) => `c${names.indexOf(column)} AS ${identifier(role)}`)
      .join(', ');
    const sql = `SELECT ${selected}, NULL::VARCHAR AS flaw FROM read_csv(${pathLiteral(plain.path)},
      auto_detect = false, columns = {${columns}}, header = ${header}, compression = '${plain.compression}',
      delim = ${literal(dialect.delimiter)}, quote = ${literal(dialect.quote)},
      escape = ${literal(dialect.quote)}, encoding = '${encoding}', allow_quoted_nulls = false,
      store_rejects = true, rejects_table = '${rejected}', rejects_scan = '${rejected}_scan')`;
    return {
      sql,
      declared: new Map(),
      multiline,
      close,
      async rejects() {
        const found = await rowsOf(
          connection,
          `SELECT line, min(column_idx), arg_min(error_type, column_idx), arg_min(error_message, column_idx)
           FROM ${rejected} GROUP BY line ORDER BY line`,
        );
        const lines = await linesOf(
          plain,
          dialect,
          found.map(([record]) => (record as number) - 1),
        );
        return found.map(([, column, type, message], i): Reject => ({
          ...lines[i],
          ...explain(String(type), String(message), (column as number) - 1, names),
        }));
      },
      async locate(rows) {
        const found = await rowsOf(connection, `SELECT DISTINCT line FROM ${rejected}`);
        const rejects = new Set(found.map(([line]) => (line as number) - 1));
        const places: Lines[] = [];
        let row = 0;
        await scanRecords(plain, dialect, (record, line, lastLine, start, end) => {
          const blank = start === end && names.length > 1;
          if (record < Number(header) || blank || rejects.has(record)) return false;
          if (row++ === rows[places.length]) places.push({ line, lines: lastLine - line + 1 });
          return places.length === rows.length;
        });
        return places;
      },
    };
  }
}

/** Bytes of the longest record that DuckDB reads from a delimited file. */
const LONGEST = 2_000_000;

function dialectOf({
  format,
  delimiter = format === 'tsv' ? '\t' : ',',
  quote = '"',
}: RecordFormat): Dialect {
  if (!/^([\t\x20-\x7e])\1?$/.test(delimiter))
    throw badOption('delimiter', delimiter, 'must be one ASCII character, or one twice, such as "::"');
  if (!/^[\x21-\x7e]?$/.test(quote) || (quote !== '' && delimiter.startsWith(quote)))
    throw badOption('quote', quote, 'must be one ASCII character or none, and not the delimiter');
  return { delimiter, quote, longest: LONGEST };
}

/**
 * Names of a delimited file's columns: those given, `column 5` and so on for columns past them, or else those of
 * the first record.
 *
 * @throws TowerkitError `EMPTY_DATA` for a file without a record, `DUPLICATE_COLUMN`, `BAD_OPTION`
 */
export async function columnsOf(file: InputFile, options: RecordFormat): Promise<readonly string[]> {
  const { header, columnNames, encoding = 'utf-8' } = options;
  if (columnNames === undefined && header === false)
    throw new TowerkitError('BAD_OPTION', `${file.name}: header: false needs columnNames`);
  const first = await firstRecord(file, dialectOf(options), encoding);
  if (first === undefined) throw new TowerkitError('EMPTY_DATA', `${file.name} is empty`);
  requireDistinct(file, columnNames ?? first);
  if (columnNames === undefined) return first;
  const unnamed = first.slice(columnNames.length).map((_, i) => `column ${columnNames.length + i + 1}`);
  return [...columnNames, ...unnamed];
}

/** Lines that the given records (numbers from 0, ascending) take. */
async function linesOf(file: InputFile, dialect: Dialect, records: readonly number[]): Promise<Lines[]> {
  const lines: Lines[] = [];
  if (records.length > 0)
    await scanRecords(file, dialect, (record, line, lastLine) => {
      if (record === records[lines.length]) lines.push({ line, lines: lastLine - line + 1 });
      return lines.length === records.length;
    });
  return records.map((record, i) => lines[i] ?? { line: record + 1, lines: 1 });
}

/** The message of DuckDB, in plain words. */
function explain(type: string, message: string, column: number, names: readonly string[]) {
  const found = Number(/Found: (\d+)/.exec(message)?.[1]);
  switch (type) {
    case 'MISSING COLUMNS':
      return { column: names[found], reason: `expected ${names.length} columns, found ${found}` };
    case 'TOO MANY COLUMNS':
      return { reason: `expected ${names.length} columns, found ${found}` };
    case 'UNQUOTED VALUE':
      return { column: names[column], reason: 'a quoted value does not end where it should' };
    case 'INVALID ENCODING':
      return { column: names[column], reason: 'it is not valid UTF-8' };
    default:
      return { column: names[column], reason: 'it is no row of a delimited file' };
  }
}
