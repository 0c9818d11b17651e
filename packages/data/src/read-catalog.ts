import { Vocabulary, type ItemId } from '@towerkit/core';
import type { DuckDBConnection } from '@duckdb/node-api';
import { table, type ColumnTable } from 'arquero';

import type { OnBadRow, SpannedLines } from './bad-row.js';
import { eachChunk, readable, rowsOf, stringsOf, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';
import type { RecordFormat } from './source.js';
import { stage, type Field } from './stage.js';

/** Which column holds the item's id, which its title, and which the features, under names of your choice. */
export interface CatalogColumns {
  readonly id: string;
  readonly title?: string;
  readonly [feature: string]: string | undefined;
}

/** What {@link readCatalog} reads, and how. */
export interface ReadCatalogOptions extends RecordFormat, DuckDbOptions {
  readonly path: string;
  readonly columns: CatalogColumns;
  /**
   * What a feature holds, by name: name those used as categories or as texts `text`, which keeps `01`, `1.0` and codes of
   * 19 digits to the letter. A column that is not named is a number if the file says so (Parquet, JSON) or, in csv and
   * tsv, if every value is written as JavaScript writes that number: `9.5`, not `9.50` or `007`. `id` and `title` are
   * always text. In a column named a number, NaN, NA, N/A, #N/A, null, None and - are missing, as an empty value is.
   */
  readonly types?: Readonly<Record<string, 'text' | 'number'>>;
  /** What to do with a row that cannot be used or repeats an id, `error` by default. */
  readonly onBadRow?: OnBadRow;
}

/** Items and what is known of each. */
export interface Catalog {
  /** Ids in the order of the file. */
  readonly items: Vocabulary<ItemId>;
  /**
   * An Arquero table, row = dense item id, with the columns asked for: text (null where missing) or
   * Float64Array (NaN where missing).
   */
  readonly table: ColumnTable;
  /** Rows left out because they could not be used. */
  readonly skipped: number;
  /** The one of them that spans most lines, where one spans several. */
  readonly spanned?: SpannedLines;
}

/**
 * Reads an item catalog from CSV, TSV, JSON lines or Parquet.
 *
 * @throws TowerkitError what {@link readInteractions} throws; `DUPLICATE_ID` for an id on two rows
 *
 * @example
 * ```ts
 * const { items, table } = await readCatalog({
 *   path: 'items.csv.gz',
 *   columns: { id: 'parent_asin', title: 'title', price: 'price' },
 * });
 * table.get('price', items.indexOf('0375869026')!); // 9.4
 * ```
 */
export async function readCatalog(options: ReadCatalogOptions): Promise<Catalog> {
  const { path, columns, types = {}, onBadRow } = options;
  const names = Object.keys(columns).filter((name) => columns[name] !== undefined);
  if (!names.includes('id'))
    throw new TowerkitError('BAD_OPTION', 'say which column holds the item: columns: {id}');
  const fields = names.map((name, index): Field & { name: string } => ({
    name,
    role: `f${index}`, // a feature may have any name; the table inside DuckDB has its own
    column: columns[name]!,
    kind: name === 'id' ? 'id' : name !== 'title' && types[name] === 'number' ? 'number' : 'text',
    optional: name !== 'id',
  }));
  const id = fields.find((field) => field.name === 'id')!;
  return withDuckDB(options, async (connection) => {
    const { skipped, spanned, declared } = await stage(connection, [path], options, fields, onBadRow);
    const repeats = await keepFirst(connection, id.role, onBadRow);
    const [[rows]] = await rowsOf(connection, 'SELECT count(*) FROM kept');
    if (rows === 0) throw new TowerkitError('EMPTY_DATA', `${path} has no row to use`);
    const out: Record<string, unknown> = {};
    for (const { name, role, kind } of fields) {
      const number =
        kind === 'number' ||
        (name !== 'id' &&
          name !== 'title' &&
          types[name] !== 'text' &&
          (await holdsNumbers(connection, role, declared.get(role))));
      out[name] = number
        ? await numbersOf(connection, role, rows as number)
        : await stringsOf(connection, `SELECT ${role} FROM kept ORDER BY place`);
    }
    return {
      items: new Vocabulary(out.id as string[]),
      table: table(out),
      skipped: skipped + repeats,
      ...(spanned && { spanned }),
    };
  });
}

/** Makes the table `kept`: usable rows, the first of each id. Returns the number of repeats left out. */
async function keepFirst(
  connection: DuckDBConnection,
  id: string,
  onBadRow: OnBadRow = 'error',
): Promise<number> {
  await connection.run(
    `CREATE TEMP TABLE kept AS SELECT *, rowid AS place FROM staged WHERE problem IS NULL
     AND rowid IN (SELECT min(rowid) FROM staged WHERE problem IS NULL GROUP BY ${id})`,
  );
  const repeats = await rowsOf(
    connection,
    `SELECT ${readable(id)}, count(*) FROM staged WHERE problem IS NULL
     GROUP BY ${id} HAVING count(*) > 1 ORDER BY min(rowid)`,
  );
  if (onBadRow === 'error' && repeats.length > 0)
    throw new TowerkitError('DUPLICATE_ID', `the item "${repeats[0][0]}" stands ${repeats[0][1]} times`, {
      hint: "keep the first row of each item with onBadRow: 'skip'",
      details: { id: repeats[0][0] },
    });
  return repeats.reduce((sum, [, count]) => sum + (count as number) - 1, 0);
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
