import { resolve } from 'node:path';

import { fillFileAtomic } from '@towerkit/core/files';
import { DuckDBDataChunk, type DuckDBAppender } from '@duckdb/node-api';

import { duckdbType, duckdbValue, isColumnType, type ColumnType, type ColumnValues } from './column-types.js';
import { identifier, literal, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';

/** Column names and their types, in order. */
export type TableSchema = Readonly<Record<string, ColumnType>>;

/** Some rows: the same number of values for every column of the schema. */
export type TableBatch = Readonly<Record<string, ColumnValues>>;

const CHUNK = 2048; // DuckDB's own vector size, the most a chunk may hold

const COPY_OPTIONS: readonly [ending: RegExp, options: string][] = [
  [/\.parquet$/i, 'FORMAT parquet, COMPRESSION zstd'],
  [/\.csv$/i, `FORMAT csv, HEADER, DELIMITER ','`],
  [/\.csv\.gz$/i, `FORMAT csv, HEADER, DELIMITER ',', COMPRESSION gzip`],
  [/\.tsv$/i, `FORMAT csv, HEADER, DELIMITER '\t'`],
];

/**
 * Writes batches of rows to a Parquet, CSV, CSV.gz or TSV file, by the ending of its name. Rows past
 * `memoryLimit` wait on disk. The file appears whole or not at all.
 *
 * @returns number of rows written
 * @throws TowerkitError `UNKNOWN_FORMAT`, `BAD_OPTION` for a type that does not exist, `SHAPE_MISMATCH` and
 *   `BAD_VALUE` for a batch that does not fit the schema, `UNWRITABLE`; whatever `batches` throws
 */
export async function writeTable(
  path: string,
  schema: TableSchema,
  batches: Iterable<TableBatch> | AsyncIterable<TableBatch>,
  options: DuckDbOptions = {},
): Promise<number> {
  const copy = COPY_OPTIONS.find(([ending]) => ending.test(path))?.[1];
  if (copy === undefined)
    throw new TowerkitError(
      'UNKNOWN_FORMAT',
      `cannot write ${path}: its name must end in .parquet, .csv, .csv.gz or .tsv`,
    );
  const columns = Object.entries(schema);
  if (columns.length === 0) throw new TowerkitError('BAD_OPTION', 'a table needs a column');
  for (const [name, type] of columns)
    if (!isColumnType(type))
      throw new TowerkitError('BAD_OPTION', `column "${name}": there is no type '${String(type)}'`);
  return fillFileAtomic(resolve(path), (temporary) =>
    withDuckDB(options, async (connection) => {
      const types = columns.map(([name, type]) => `${identifier(name)} ${type}`).join(', ');
      await connection.run(`CREATE TEMP TABLE written (${types})`);
      const appender = await connection.createAppender('written', 'main', 'temp');
      let rows = 0;
      for await (const batch of batches) rows += append(appender, schema, batch);
      appender.closeSync();
      await connection.run(`COPY written TO ${literal(temporary)} (${copy}, USE_TMP_FILE false)`);
      return rows;
    }).catch((cause: unknown) => unwritable(path, cause)),
  );
}

/** Writes columns held in memory to a Parquet file; {@link writeTable} in one batch. */
export async function writeParquet(
  path: string,
  columns: Readonly<Record<string, { readonly type: ColumnType; readonly values: ColumnValues }>>,
  options: DuckDbOptions = {},
): Promise<number> {
  if (!/\.parquet$/i.test(path))
    throw new TowerkitError('UNKNOWN_FORMAT', `cannot write ${path}: its name must end in .parquet`);
  const entries = Object.entries(columns);
  const schema = Object.fromEntries(entries.map(([name, { type }]) => [name, type]));
  const batch = Object.fromEntries(entries.map(([name, { values }]) => [name, values]));
  return writeTable(path, schema, [batch], options);
}

function append(appender: DuckDBAppender, schema: TableSchema, batch: TableBatch): number {
  const names = Object.keys(schema);
  const rows = batch[names[0]]?.length;
  for (const name of names)
    if (batch[name] === undefined || batch[name].length !== rows)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `column "${name}" has ${batch[name]?.length ?? 'no'} values, "${names[0]}" has ${rows ?? 'none'}`,
      );
  const types = Object.values(schema).map(duckdbType);
  for (let start = 0; start < rows; start += CHUNK) {
    const size = Math.min(CHUNK, rows - start);
    const chunk = DuckDBDataChunk.create(types, size);
    names.forEach((name, column) => {
      const values = batch[name];
      try {
        const part = Array.from({ length: size }, (_, k) => duckdbValue(values[start + k]));
        chunk.setColumnValues(column, part);
      } catch (cause) {
        throw new TowerkitError(
          'BAD_VALUE',
          `column "${name}", rows ${start} to ${start + size - 1}: ${(cause as Error).message}`,
          { details: { column: name, type: schema[name] }, cause },
        );
      }
    });
    appender.appendDataChunk(chunk);
  }
  return rows;
}

/** DuckDB's refusal to write, as the error that the file system's has. */
function unwritable(path: string, cause: unknown): never {
  const { message = '' } = cause as Error;
  if (!/^IO Error/.test(message)) throw cause;
  throw new TowerkitError('UNWRITABLE', `cannot write ${path}: ${message}`, {
    hint: 'choose a folder that exists and that you may write to',
    details: { path },
    cause,
  });
}
