import { open } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Matrix, Vocabulary } from '@towerkit/core';

import type { DuckDbOptions } from '../duckdb.js';
import { TowerkitError } from '../errors.js';
import { badFile, openInput } from '../input-file.js';
import { readNpy } from './npy.js';
import { readParquetVectors } from './parquet-vectors.js';
import { readRowIds, vocabularyOf, type RowKind } from './row-ids.js';
import { readSafetensorsMatrix } from './safetensors.js';
import { vectorFormatOf, type VectorFormat } from './vector-format.js';

/** Where vectors are, and whose each row is. */
export interface VectorFile {
  /** A `.npy`, `.safetensors` or `.parquet` file. */
  readonly path: string;
  /**
   * The ids of the rows of a `.npy` or `.safetensors` file: a text file (`.txt`) with an id on each line, or a Parquet, CSV, TSV
   * or JSON lines file.
   */
  readonly ids?: string;
  /** Column of the ids, in a Parquet file of vectors or in the file of ids. Default `id`. */
  readonly idColumn?: string;
  /** Column of the lists of floats of a Parquet file; not needed where it has one only. */
  readonly column?: string;
  /** Name of the matrix of a `.safetensors` file; not needed where it has one only. */
  readonly tensor?: string;
}

/** Options of {@link readVectors}. */
export interface ReadVectorsOptions extends VectorFile, DuckDbOptions {
  /** What the rows are of, in messages. Default `item`. */
  readonly what?: RowKind;
}

/** Vectors of a file. */
export interface Vectors {
  /** [rows, dimensions], all finite. */
  readonly vectors: Matrix;
  /** Ids by row; absent where the file says none and none were given. */
  readonly ids?: Vocabulary;
}

/**
 * Reads vectors from a file: NumPy's `.npy` (floats of 16, 32 or 64 bits, either byte order, either memory order),
 * `.safetensors` (the same and bfloat16; ids also as a JSON array `ids` in its metadata), or `.parquet` with a column of ids and
 * one of lists of floats. Header and size are compared before values are read.
 *
 * @returns vectors as 32-bit floats
 * @throws TowerkitError `FILE_NOT_FOUND`, `BAD_FILE`, `UNKNOWN_FORMAT`; `MISSING_COLUMN` for a column or a tensor that is not
 *   there; `SHAPE_MISMATCH` where rows differ in width, or from the number of ids; `DUPLICATE_ID` with both lines; `BAD_VALUE`
 *   for what is not finite, with its row, and for what is no id; `EMPTY_DATA`, `TOO_LARGE`, `BAD_OPTION`
 * @example
 * ```ts
 * const { vectors, ids } = await readVectors({ path: 'posters.npy', ids: 'posters.txt' });
 * vectors.row(ids!.indexOf('tt0114709')!); // Float32Array(1280)
 * ```
 */
export async function readVectors(options: ReadVectorsOptions): Promise<Vectors> {
  const read = await readRows(options);
  requireFinite(options.path, read);
  return read;
}

async function readRows(options: ReadVectorsOptions): Promise<Vectors> {
  const { path, ids, idColumn = 'id', column, tensor, what = 'item', memoryLimit, threads } = options;
  const duckdb = {
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(threads !== undefined && { threads }),
  };
  const format = vectorFormatOf(path, 'read');
  refuseStray(path, format, { ids, column, tensor });
  const file = await openInput(path);
  if (format === 'parquet') {
    const { matrix, ids: found } = await readParquetVectors(file, idColumn, column, duckdb);
    return { vectors: matrix, ids: vocabularyOf(found, file.name, 'row', what) };
  }
  if (file.compression === 'gzip') throw badFile(path, 'it is compressed', undefined, 'decompress it');
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    const stored =
      format === 'npy'
        ? { matrix: await readNpy(handle, path, size), ids: undefined }
        : await readSafetensorsMatrix(handle, path, size, tensor);
    const names =
      ids !== undefined
        ? await readRowIds(ids, idColumn, what, duckdb)
        : stored.ids && vocabularyOf(stored.ids, file.name, 'id', what);
    if (names && names.size !== stored.matrix.rows)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${file.name} has ${stored.matrix.rows} rows, but ${names.size} ids are given${ids === undefined ? '' : ` in ${basename(ids)}`}`,
        { hint: 'give one id for each row, in the same order', details: { file: path, ids } },
      );
    return { vectors: stored.matrix, ...(names && { ids: names }) };
  } finally {
    await handle.close();
  }
}

/** Which formats take an option of {@link VectorFile}. */
const TAKEN_BY: Readonly<Record<string, readonly VectorFormat[]>> = {
  ids: ['npy', 'safetensors'],
  column: ['parquet'],
  tensor: ['safetensors'],
};

function refuseStray(
  path: string,
  format: VectorFormat,
  given: Readonly<Record<string, string | undefined>>,
): void {
  for (const [option, value] of Object.entries(given))
    if (value !== undefined && !TAKEN_BY[option].includes(format))
      throw new TowerkitError('BAD_OPTION', `${basename(path)}: \`${option}\` does not go with .${format}`, {
        hint: `it is for .${TAKEN_BY[option].join(' and .')}`,
        details: { option },
      });
}

/** @throws TowerkitError `BAD_VALUE` with row, id and component of the first value that is not finite */
export function requireFinite(path: string, { vectors: { data, cols }, ids }: Vectors): void {
  const place = data.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return;
  const row = Math.floor(place / cols);
  const whose = ids ? ` ("${ids.nameOf(row)}")` : '';
  throw new TowerkitError(
    'BAD_VALUE',
    `${basename(path)}, row ${row + 1}${whose}: component ${(place % cols) + 1} is ${data[place]}`,
    { hint: 'leave out the rows of what could not be encoded', details: { file: path, row: row + 1 } },
  );
}
