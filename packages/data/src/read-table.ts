import { DuckDBListValue, type DuckDBConnection, type DuckDBDataChunk } from '@duckdb/node-api';

import { isColumnType, type ColumnType } from './column-types.js';
import { eachChunk, identifier, readable, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { TowerkitError } from './errors.js';
import { formatOf } from './format.js';
import { badFile, openInput } from './input-file.js';
import { openSource } from './open-source.js';
import { parquetColumns, parquetRows } from './parquet-source.js';
import { requireColumns, type RecordFormat } from './source.js';
import { columnsOf } from './csv-source.js';

/**
 * A column as read: numbers as typed arrays when none is missing, else as arrays with nulls; lists of numbers
 * as typed arrays.
 */
export type TableColumn =
  | Int32Array
  | Float32Array
  | Float64Array
  | (string | null)[]
  | (number | null)[]
  | (boolean | null)[]
  | (Int32Array | null)[]
  | (Float32Array | null)[]
  | (Float64Array | null)[]
  | (string[] | null)[];

/** A table file in memory. */
export interface Table {
  readonly rows: number;
  /** Type each column was read as. */
  readonly types: Readonly<Record<string, ColumnType>>;
  readonly columns: Readonly<Record<string, TableColumn>>;
}

const ARRAYS = { INTEGER: Int32Array, FLOAT: Float32Array, DOUBLE: Float64Array } as const;

/**
 * Reads a Parquet or CSV file whole, or the columns named. Parquet keeps types: whole numbers of 64 bits and
 * decimals become doubles, dates become text. CSV and TSV are all text.
 *
 * @throws TowerkitError `FILE_NOT_FOUND`, `BAD_FILE`, `BAD_ROW` for a quote that never closes or a record that is too
 *   long, `UNKNOWN_FORMAT`, `MISSING_COLUMN`, `DUPLICATE_COLUMN`, `TOO_LARGE`, `OUT_OF_MEMORY`
 */
export async function readTable(
  path: string,
  options: { columns?: readonly string[] } & RecordFormat & DuckDbOptions = {},
): Promise<Table> {
  const file = await openInput(path);
  const format = options.format ?? formatOf(path);
  if (format !== 'parquet' && format !== 'csv' && format !== 'tsv')
    throw new TowerkitError('UNKNOWN_FORMAT', `readTable reads parquet, csv and tsv, not ${format}`);
  return withDuckDB(options, async (connection) => {
    const found =
      format === 'parquet'
        ? await parquetColumns(connection, file)
        : (await columnsOf(file, { ...options, format })).map((name): [string, string] => [name, 'VARCHAR']);
    const names = options.columns ?? found.map(([name]) => name);
    const roles = Object.fromEntries(names.map((name) => [name, name]));
    requireColumns(
      file,
      roles,
      found.map(([name]) => name),
    );
    const kinds = new Map(found.map(([name, type]) => [name, readAs(type)]));
    const columns = names.map((name) => ({ name, type: kinds.get(name)! }));
    if (format === 'parquet') return collect(connection, columns, parquetRows(file), path);
    const source = await openSource(
      connection,
      file,
      { ...options, format },
      Object.fromEntries(names.map((name, index) => [`c${index}`, name])),
    );
    try {
      const renamed = names.map((name, index) => `c${index} AS ${identifier(name)}`).join(', ');
      const table = await collect(connection, columns, `(SELECT ${renamed} FROM (${source.sql}))`, path);
      const [reject] = await source.rejects();
      if (reject !== undefined) throw badFile(path, `line ${reject.line}: ${reject.reason}`);
      return table;
    } finally {
      await source.close();
    }
  });
}

async function collect(
  connection: DuckDBConnection,
  columns: readonly { name: string; type: ColumnType }[],
  from: string,
  path: string,
): Promise<Table> {
  const values: unknown[][] = columns.map(() => []);
  const selected = columns
    .map(({ name, type }) => selectedAs(`${identifier(name)}::${type}`, type))
    .join(', ');
  const add = (chunk: DuckDBDataChunk) => {
    columns.forEach(({ type }, column) => {
      const vector = chunk.getColumnVector(column);
      for (let k = 0; k < chunk.rowCount; k++) values[column].push(plain(vector.getItem(k), type));
    });
  };
  await eachChunk(connection, `SELECT ${selected} FROM ${from}`, add).catch((cause: Error) => {
    throw badFile(path, 'it is damaged, or not what its name says', cause);
  });
  return {
    rows: values[0]?.length ?? 0,
    types: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
    columns: Object.fromEntries(columns.map(({ name, type }, i) => [name, typed(values[i], type)])),
  };
}

function selectedAs(value: string, type: ColumnType): string {
  if (type === 'VARCHAR') return readable(`(${value})`);
  return type === 'VARCHAR[]' ? `list_transform(${value}, one -> ${readable('one')})` : value;
}

/** The type to read a DuckDB type as. */
function readAs(type: string): ColumnType {
  if (isColumnType(type)) return type;
  if (type.endsWith('[]') && !type.endsWith('[][]')) {
    const element = readAs(type.slice(0, -2));
    return isColumnType(`${element}[]`) ? (`${element}[]` as ColumnType) : 'VARCHAR';
  }
  if (/^(U?TINYINT|U?SMALLINT)$/.test(type)) return 'INTEGER';
  return /^(U?BIGINT|U?HUGEINT|UINTEGER|DECIMAL.*)$/.test(type) && !type.endsWith('[]')
    ? 'DOUBLE'
    : 'VARCHAR';
}

function plain(value: unknown, type: ColumnType): unknown {
  if (!(value instanceof DuckDBListValue)) return value;
  const element = type.slice(0, -2);
  return element in ARRAYS && value.items.every((item) => item !== null)
    ? ARRAYS[element as keyof typeof ARRAYS].from(value.items as number[])
    : [...value.items];
}

const typed = (values: unknown[], type: ColumnType): TableColumn =>
  type in ARRAYS && !values.includes(null)
    ? ARRAYS[type as keyof typeof ARRAYS].from(values as number[])
    : (values as TableColumn);
