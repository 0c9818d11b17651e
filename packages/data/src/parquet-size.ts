import { identifier, pathLiteral, rowsOf, withDuckDB, type DuckDbOptions } from './duckdb.js';
import { badFile, openInput } from './input-file.js';
import { parquetColumns, parquetRows } from './parquet-source.js';

/** How much a Parquet file holds. Its bytes do not say: a few kilobytes may be a billion equal rows. */
export interface ParquetSize {
  readonly rows: number;
  /** Values of the longest column: elements of lists count one by one. */
  readonly values: number;
  /** Bytes of all values that are not numbers, written as text; 0 when there are too many values to look. */
  readonly text: number;
}

/**
 * Finds how much a Parquet file would be in memory, without reading it there: rows and values are in its footer, texts are
 * measured as they stream by.
 *
 * @param most the number of values up to which texts are measured
 * @throws TowerkitError `FILE_NOT_FOUND`, `BAD_FILE`, `TOO_LARGE`, `DUPLICATE_COLUMN`, `OUT_OF_MEMORY`
 */
export async function parquetSize(
  path: string,
  most = Infinity,
  options: DuckDbOptions = {},
): Promise<ParquetSize> {
  const file = await openInput(path);
  return withDuckDB(options, async (connection) => {
    const ask = async (sql: string) => {
      const rows = await rowsOf(connection, sql).catch((cause: Error) => {
        throw badFile(path, cause.message, cause);
      });
      return rows[0].map(Number);
    };
    const columns = await parquetColumns(connection, file);
    const place = pathLiteral(file.path);
    const [declared] = await ask(`SELECT sum(num_rows) FROM parquet_file_metadata(${place})`);
    const [rows, values] = await ask(
      `SELECT coalesce(max(r), 0), coalesce(max(v), 0) FROM (
         SELECT sum(row_group_num_rows) AS r, sum(num_values) AS v FROM parquet_metadata(${place}) GROUP BY column_id)`,
    );
    const size = { rows: Math.max(declared, rows), values: Math.max(declared, rows, values) };
    const texts = columns.filter(([, type]) => !NUMBERS.test(type));
    if (size.values > most || texts.length === 0) return { ...size, text: 0 };
    const lengths = texts.map(([name]) => `coalesce(sum(strlen(${identifier(name)}::VARCHAR)), 0)`);
    const [text] = await ask(`SELECT ${lengths.join(' + ')} FROM ${parquetRows(file)}`);
    return { ...size, text };
  });
}

const NUMBERS = /^(BOOLEAN|U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)(\[\])?$/;
