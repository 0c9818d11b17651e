import { isTowerkitError } from '@towerkit/core';
import {
  identifier,
  literal,
  openInput,
  openSource,
  parquetColumns,
  pathLiteral,
  rowsOf,
  type InputFile,
} from '@towerkit/data/internal';
import type { DuckDBConnection } from '@duckdb/node-api';
import { stat } from 'node:fs/promises';
import { columnsOf } from './columns-of.js';
import { sampleText, type SampleSize } from './sample-text.js';
import { sniff, type Layout } from './sniff.js';

/** A file as a table of DuckDB, whose columns `c0`, `c1`, ... hold text, null where empty, and `n` the row's place. */
export interface LoadedFile {
  /** The path as it was given. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly layout: Layout;
  readonly columns: readonly string[];
  /** What the file itself says that a column holds, by its place. */
  readonly declared: readonly (string | undefined)[];
  readonly table: string;
  /** Rows of the table. */
  readonly rows: number;
  /** Of a file that was not read whole: about how many rows it has, where that can be said. */
  readonly sampled?: { readonly rows?: number };
  /** Rows that the format rules out. */
  readonly rejected: number;
  readonly oddities: readonly string[];
}

/** Files up to 256 MB are read whole. */
export const SAMPLE: SampleSize = { whole: 256_000_000, taken: 64_000_000 };

/** Rows of a Parquet file up to which it is read whole. */
const PARQUET_ROWS = 8_000_000;

/**
 * Reads a file, or of a large one a sample, into a table.
 *
 * @throws TowerkitError what {@link sniff} and reading throw
 */
export async function load(
  connection: DuckDBConnection,
  path: string,
  table: string,
  size: SampleSize = SAMPLE,
): Promise<LoadedFile> {
  const file = await openInput(path);
  const { size: bytes } = await stat(file.path);
  const layout = await sniff(file);
  const about = { path, name: file.name, bytes, table };
  if (layout.format === 'parquet')
    return { ...about, ...(await loadParquet(connection, file, layout, table, size)) };
  const sample = await sampleText(file, size, layout.header === false || layout.format !== 'csv' ? 0 : 1);
  try {
    const read = await loadText(connection, sample?.file ?? file, layout, table);
    if (!sample) return { ...about, ...read };
    const rows = sample.share === undefined ? undefined : Math.round(read.rows / sample.share);
    return { ...about, ...read, sampled: rows === undefined ? {} : { rows } };
  } finally {
    await sample?.close();
  }
}

type Read = Omit<LoadedFile, 'path' | 'name' | 'bytes' | 'table'>;

async function loadText(
  connection: DuckDBConnection,
  file: InputFile,
  layout: Layout,
  table: string,
): Promise<Read> {
  if (layout.format === 'sequences') return loadSequences(connection, file, layout, table);
  try {
    return await loadRecords(connection, file, layout, table);
  } catch (error) {
    // Quotes that wrap nothing, such as inches: the file is read without.
    if (!isTowerkitError(error, 'BAD_ROW') || layout.quote === '') throw error;
    const plain = {
      ...layout,
      quote: '',
      oddities: [...layout.oddities, 'quotes that do not close: they are read as text'],
    };
    return loadRecords(connection, file, plain, table);
  }
}

async function loadRecords(
  connection: DuckDBConnection,
  file: InputFile,
  layout: Layout,
  table: string,
): Promise<Read> {
  const columns = await columnsOf(connection, file, layout);
  const roles = Object.fromEntries(columns.map((column, i) => [`c${i}`, column]));
  const source = await openSource(connection, file, layout, roles);
  try {
    const values = columns.map((_, i) => `nullif(trim(c${i}), '') AS c${i}`).join(', ');
    await connection.run(
      `CREATE TEMP TABLE ${table} AS SELECT row_number() OVER () AS n, ${values}, flaw FROM (${source.sql})`,
    );
    const [[flawed]] = await rowsOf(connection, `SELECT count(flaw) FROM ${table}`);
    await connection.run(`DELETE FROM ${table} WHERE flaw IS NOT NULL`);
    const rejected = (await source.rejects()).length + Number(flawed);
    const declared = columns.map((_, i) => source.declared.get(`c${i}`));
    return {
      ...(await counted(connection, table)),
      layout,
      columns,
      declared,
      rejected,
      oddities: layout.oddities,
    };
  } finally {
    await source.close();
  }
}

async function loadParquet(
  connection: DuckDBConnection,
  file: InputFile,
  layout: Layout,
  table: string,
  size: SampleSize,
): Promise<Read> {
  const columns = await parquetColumns(connection, file);
  const rows = `read_parquet(${pathLiteral(file.path)}, hive_partitioning = false)`;
  const [[total]] = await rowsOf(connection, `SELECT count(*) FROM ${rows}`);
  const part =
    Number(total) > PARQUET_ROWS && size.whole < Infinity ? `USING SAMPLE ${PARQUET_ROWS / 4} ROWS` : '';
  const values = columns.map(([name, type], i) => {
    const text = /(\]|^MAP.*|^STRUCT.*)$/.test(type) ? `to_json(${identifier(name)})` : identifier(name);
    // Numbers and dates have no spaces around them, and trimming takes its time.
    return type === 'VARCHAR' ? `nullif(trim(${text}), '') AS c${i}` : `${text}::VARCHAR AS c${i}`;
  });
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT row_number() OVER () AS n, ${values.join(', ')} FROM (SELECT * FROM ${rows} ${part})`,
  );
  return {
    ...(await counted(connection, table)),
    layout,
    columns: columns.map(([name]) => name),
    declared: columns.map(([, type]) => type.toLowerCase()),
    ...(part !== '' && { sampled: { rows: Number(total) } }),
    ...{ rejected: 0, oddities: layout.oddities },
  };
}

async function loadSequences(
  connection: DuckDBConnection,
  file: InputFile,
  layout: Layout,
  table: string,
): Promise<Read> {
  const lines = `read_csv(${pathLiteral(file.path)}, auto_detect = false, header = false, columns = {'line': 'VARCHAR'},
    delim = ${literal('\u0001')}, quote = '', escape = '', max_line_size = 16000000, compression = '${file.compression}')`;
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT row_number() OVER () AS n, words[1] AS c0, unnest(words[2:]) AS c1
     FROM (SELECT regexp_split_to_array(trim(line), '\\s+') AS words FROM ${lines})`,
  );
  return {
    ...(await counted(connection, table)),
    ...{ layout, columns: ['user', 'item'], declared: [undefined, undefined] },
    ...{ rejected: 0, oddities: layout.oddities },
  };
}

async function counted(connection: DuckDBConnection, table: string): Promise<{ rows: number }> {
  const [[rows]] = await rowsOf(connection, `SELECT count(*) FROM ${table}`);
  return { rows: Number(rows) };
}
