import { badOption } from '@towerkit/core';
import type { DuckDBConnection } from '@duckdb/node-api';
import { table, type ColumnTable } from 'arquero';

import type { OnBadRow, SpannedLines } from './bad-row.js';
import { eachChunk, identifier, rowsOf, stringsOf, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { extractColumn, type ExtractedColumn } from './extract-column.js';
import type { FeatureKind } from './column-types.js';
import type { RecordFormat } from './source.js';
import { stage, type Field, type FieldKind } from './stage.js';

/** How a table of items or of users is read. */
export interface ReadEntitiesOptions extends RecordFormat, DuckDbOptions {
  readonly path: string;
  /** Which column holds the id, and which what else, under names of your choice. */
  readonly columns: { readonly id: string; readonly [feature: string]: string | undefined };
  /**
   * What a feature holds, by name: name those used as categories or as texts `text`, which keeps `01`, `1.0` and codes of
   * 19 digits to the letter. A column that is not named is a number if the file says so (Parquet, JSON) or, in csv and
   * tsv, if every value is written as JavaScript writes that number: `9.5`, not `9.50` or `007`. `id` and `title` are
   * always text. In a column named a number or a date, NaN, NA, N/A, #N/A, null, None and - are missing, as an empty value
   * is. A `date` is a number, or a date as ISO 8601 writes it, which becomes seconds since 1970.
   */
  readonly types?: Readonly<Record<string, FeatureKind>>;
  /** Columns made of parts of others' texts, by name: `{year: {from: 'title', pattern: '\\((\\d{4})\\)$'}}`. */
  readonly extract?: Readonly<Record<string, ExtractedColumn>>;
  /** What to do with a row that cannot be used or repeats an id, `error` by default. */
  readonly onBadRow?: OnBadRow;
  /**
   * What several rows of an id are: `error`, a mistake (left to `onBadRow`), or `first`, as in a log that says of each
   * row what is known of its item: the first row of an id counts, and the others are not counted as skipped. Default `error`.
   */
  readonly duplicates?: 'error' | 'first';
  /**
   * Which rows to keep, as a condition in DuckDB's SQL over the columns by their names here, such as `"category" LIKE '%Restaurants%'`.
   * Columns whose type is not named hold text. All rows when absent.
   */
  readonly where?: string;
}

/** A table of items or of users as it was read, one row per id. */
export interface EntityTable {
  /** Ids in the order of the file. */
  readonly names: readonly string[];
  /** An Arquero table with the columns asked for: text (null where missing) or Float64Array (NaN where missing). */
  readonly table: ColumnTable;
  /** Rows left out because they could not be used. */
  readonly skipped: number;
  /** The one of them that spans most lines, where one spans several. */
  readonly spanned?: SpannedLines;
}

/**
 * Reads a table with an id per row from CSV, TSV, JSON lines or Parquet.
 *
 * @param what a row is called in messages
 * @throws TowerkitError also `BAD_OPTION` for a condition that is no SQL
 */
export async function readEntities(
  what: 'item' | 'user',
  options: ReadEntitiesOptions,
): Promise<EntityTable> {
  const { path, columns, types = {}, extract = {}, onBadRow, duplicates = 'error', where } = options;
  if (duplicates !== 'error' && duplicates !== 'first')
    throw badOption('duplicates', duplicates, "must be 'error' or 'first'");
  const names = Object.keys(columns).filter((name) => columns[name] !== undefined);
  if (!names.includes('id'))
    throw new TowerkitError('BAD_OPTION', `say which column holds the ${what}: columns: {id}`);
  const fields = names.map((name, index): Field & { name: string } => ({
    name,
    role: `f${index}`, // a feature may have any name; the table inside DuckDB has its own
    column: columns[name]!,
    kind: kindOf(name, types[name]),
    optional: name !== 'id',
    ...(name === 'id' && duplicates === 'error' && { unique: what }),
  }));
  const id = fields.find((field) => field.name === 'id')!;
  return withDuckDB(options, async (connection) => {
    const { skipped, spanned, declared } = await stage(connection, [path], options, fields, onBadRow);
    const repeats = await keepFirst(connection, id.role);
    if (where !== undefined) await keepWhere(connection, fields, where);
    const [[rows]] = await rowsOf(connection, 'SELECT count(*) FROM kept');
    if (rows === 0)
      throw new TowerkitError('EMPTY_DATA', `${path} has no row to use${where ? ` where ${where}` : ''}`);
    const out: Record<string, unknown> = {};
    for (const { name, role, kind } of fields) {
      const number =
        kind === 'number' ||
        kind === 'time' ||
        (name !== 'id' &&
          name !== 'title' &&
          types[name] !== 'text' &&
          (await holdsNumbers(connection, role, declared.get(role))));
      out[name] = number
        ? await numbersOf(connection, role, rows as number)
        : await stringsOf(connection, `SELECT ${role} FROM kept ORDER BY place`);
    }
    for (const [name, from] of Object.entries(extract))
      out[name] = extractColumn(name, textsOf(name, from.from, out), from, types[name]);
    return {
      names: out.id as string[],
      table: table(out),
      skipped: duplicates === 'first' ? skipped : skipped + repeats,
      ...(spanned && { spanned }),
    };
  });
}

/** The texts that a column is taken from. */
function textsOf(name: string, from: string, read: Readonly<Record<string, unknown>>): (string | null)[] {
  const why = !Object.hasOwn(read, from)
    ? `there is no column "${from}" to take it from`
    : read[from] instanceof Float64Array
      ? `"${from}" holds numbers; read it as text: types: { ${from}: 'text' }`
      : Object.hasOwn(read, name) && 'a column of that name is read from the file';
  if (why) throw new TowerkitError('BAD_OPTION', `extract.${name}: ${why}`);
  return read[from] as (string | null)[];
}

function kindOf(name: string, type: FeatureKind | undefined): FieldKind {
  if (name === 'id') return 'id';
  if (name === 'title' || type === undefined || type === 'text') return 'text';
  return type === 'date' ? 'time' : 'number';
}

/** Makes the table `kept`: usable rows, the first of each id. Returns the number of repeats left out. */
async function keepFirst(connection: DuckDBConnection, id: string): Promise<number> {
  await connection.run(
    `CREATE TEMP TABLE kept AS SELECT *, rowid AS place FROM staged WHERE problem IS NULL
     AND rowid IN (SELECT min(rowid) FROM staged WHERE problem IS NULL GROUP BY ${id})`,
  );
  const [[repeats]] = await rowsOf(
    connection,
    'SELECT (SELECT count(*) FROM staged WHERE problem IS NULL) - (SELECT count(*) FROM kept)',
  );
  return repeats as number;
}

/** Leaves the rows of `kept` that meet a condition. @throws TowerkitError `BAD_OPTION` */
async function keepWhere(
  connection: DuckDBConnection,
  fields: readonly { readonly name: string; readonly role: string }[],
  where: string,
): Promise<void> {
  const named = fields.map(({ name, role }) => `${role} AS ${identifier(name)}`).join(', ');
  await connection
    .run(
      `CREATE TEMP TABLE wanted AS SELECT place FROM (SELECT place, ${named} FROM kept) WHERE (\n${where}\n)`,
    )
    .catch((cause: Error) => {
      throw badOption('where', where, `must be a condition in SQL: ${cause.message.split('\n')[0]}`);
    });
  await connection.run('DELETE FROM kept WHERE place NOT IN (SELECT place FROM wanted)');
}

/**
 * Whether a column whose kind nobody named may be read as numbers, so that no value is lost: the file says that it holds
 * numbers, and doubles hold them exactly, or it holds text that says each number as JavaScript does.
 */
async function holdsNumbers(
  connection: DuckDBConnection,
  column: string,
  declared: 'number' | 'text' | undefined,
): Promise<boolean> {
  if (declared === 'text') return false;
  const value = `try_cast(${column} AS DOUBLE)`;
  // Fifteen digits pass through a double unchanged; from 1e21 on and below 1e-6 JavaScript writes an exponent.
  const exact =
    declared === 'number'
      ? `NOT regexp_full_match(${column}, '-?[0-9]{16,}')`
      : `
    regexp_full_match(${column}, '-?(0|[1-9][0-9]*)([.][0-9]*[1-9])?') AND ${column} <> '-0'
    AND length(ltrim(replace(replace(${column}, '-', ''), '.', ''), '0')) <= 15 AND (${value} = 0 OR abs(${value}) >= 1e-6)`;
  const missing = declared === 'number' ? `isnan(${value}) OR ` : '';
  const [[numbers]] = await rowsOf(
    connection,
    `SELECT count(${column}) > 0 AND coalesce(bool_and(${missing}(isfinite(${value}) AND ${exact})), false)
     FROM kept WHERE ${column} IS NOT NULL`,
  );
  return numbers === true;
}

async function numbersOf(connection: DuckDBConnection, column: string, rows: number): Promise<Float64Array> {
  const out = new Float64Array(rows);
  let done = 0;
  await eachChunk(
    connection,
    `SELECT coalesce(try_cast(trim(${column}::VARCHAR) AS DOUBLE), 'nan') FROM kept ORDER BY place`,
    (chunk) => {
      const vector = chunk.getColumnVector(0);
      for (let k = 0; k < chunk.rowCount; k++) out[done + k] = vector.getItem(k) as number;
      done += chunk.rowCount;
    },
  );
  return out;
}
