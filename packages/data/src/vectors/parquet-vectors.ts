import type { DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';
import { Matrix } from '@towerkit/core';

import { eachChunk, identifier, readable, rowsOf, withDuckDB, type DuckDbOptions } from '../duckdb.js';
import { TowerkitError } from '../errors.js';
import { badFile, type InputFile } from '../input-file.js';
import { parquetColumns, parquetRows } from '../parquet-source.js';
import { requireColumns } from '../source.js';
import { requireMatrixSize } from './stored-matrix.js';

const LIST = /^(FLOAT|DOUBLE)\[\d*\]$/;

/**
 * Reads a column of lists of floats of a Parquet file as rows of a matrix, and the ids beside them. A row whose list is null
 * has no vector and is left out.
 *
 * @param column of the lists; not needed where the file has one such column only
 * @throws TowerkitError `BAD_FILE`; `MISSING_COLUMN`; `SHAPE_MISMATCH` for lists of different lengths; `BAD_VALUE` for a null
 *   in a list; `EMPTY_DATA`, `TOO_LARGE`, `OUT_OF_MEMORY`
 */
export async function readParquetVectors(
  file: InputFile,
  idColumn: string,
  column: string | undefined,
  options: DuckDbOptions,
): Promise<{ matrix: Matrix; ids: readonly (string | null)[] }> {
  return withDuckDB(options, async (connection) => {
    const columns = await parquetColumns(connection, file);
    const list = listColumn(file, columns, column);
    requireColumns(
      file,
      { id: idColumn },
      columns.map(([name]) => name),
    );
    const vector = `${identifier(list)}::FLOAT[]`;
    const [rows, width] = await shapeOf(connection, file, list, vector);
    const matrix = new Matrix(rows, width);
    const ids: (string | null)[] = [];
    const id = readable(`(${identifier(idColumn)}::VARCHAR)`);
    const sql = `SELECT ${id}, ${vector} FROM ${parquetRows(file)} WHERE ${identifier(list)} IS NOT NULL`;
    await eachChunk(connection, sql, (chunk) => {
      const [names, lists] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
      for (let k = 0; k < chunk.rowCount; k++) {
        matrix.row(ids.length).set((lists.getItem(k) as DuckDBListValue).items as number[]);
        ids.push(names.getItem(k) as string | null);
      }
    }).catch((cause: Error) => {
      throw badFile(file.path, 'it is damaged, or not what its name says', cause);
    });
    return { matrix, ids };
  });
}

function listColumn(
  file: InputFile,
  columns: readonly [string, string][],
  asked: string | undefined,
): string {
  const lists = columns.flatMap(([name, type]) => (LIST.test(type) ? [name] : []));
  if (asked !== undefined && lists.includes(asked)) return asked;
  if (asked === undefined && lists.length === 1) return lists[0];
  throw new TowerkitError(
    'MISSING_COLUMN',
    asked === undefined
      ? `${file.name} has ${lists.length} columns of lists of floats: say which, as \`column\``
      : `${file.name} has no column of lists of floats "${asked}"`,
    {
      hint: `its columns are ${columns.map(([name, type]) => `${name} (${type})`).join(', ')}`,
      details: { file: file.path, column: asked, found: lists },
    },
  );
}

/** Rows with a list, and how long each is: looked at before a list is in memory. */
async function shapeOf(
  connection: DuckDBConnection,
  file: InputFile,
  list: string,
  vector: string,
): Promise<[rows: number, width: number]> {
  const from = `(SELECT ${vector} AS v, row_number() OVER () AS place FROM ${parquetRows(file)})`;
  const ask = async (sql: string) => {
    const rows = await rowsOf(connection, sql).catch((cause: Error) => {
      throw badFile(file.path, 'it is damaged, or not what its name says', cause);
    });
    return rows[0];
  };
  const [rows, width] = await ask(
    `SELECT count(v), coalesce(arg_min(len(v), place), 0) FROM ${from} WHERE v IS NOT NULL`,
  );
  requireMatrixSize(file.path, Number(rows), Number(width));
  const isOther = `len(v) <> ${Number(width)}`;
  const [place, length, hole] = await ask(
    `SELECT min(place) FILTER (${isOther}), arg_min(len(v), place) FILTER (${isOther}),
     min(place) FILTER (list_count(v) <> len(v)) FROM ${from} WHERE v IS NOT NULL`,
  );
  if (place !== null)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${file.name}, row ${place}: column "${list}" has ${length} values, the first has ${width}`,
      { hint: 'vectors of one file have one width', details: { file: file.path, row: Number(place) } },
    );
  if (hole !== null)
    throw new TowerkitError(
      'BAD_VALUE',
      `${file.name}, row ${hole}: column "${list}" has a null in its list`,
      {
        hint: 'give every component a number, or the row no list at all',
        details: { file: file.path, row: Number(hole) },
      },
    );
  return [Number(rows), Number(width)];
}
