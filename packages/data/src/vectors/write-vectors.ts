import { encodeSafetensors, type Matrix } from '@towerkit/core';
import { writeFileAtomic } from '@towerkit/core/files';

import { TowerkitError } from '../errors.js';
import { writeParquet } from '../write-table.js';
import { requireFinite } from './read-vectors.js';
import { vocabularyOf } from './row-ids.js';
import { requireMatrixSize } from './stored-matrix.js';
import { vectorFormatOf } from './vector-format.js';

/** Name of the matrix in a safetensors file. */
const TENSOR = 'vectors';

/**
 * Writes vectors with their ids, by the ending of the name, so that {@link readVectors} reads them: `.safetensors` (ids in the
 * metadata), `.parquet` (columns `id` and `vector`), or `.npy` with the ids beside it, one on a line of `<name>.ids.txt`. Each file
 * appears whole or not at all.
 *
 * @param ids by row, no two alike
 * @returns the files written
 * @throws TowerkitError `UNKNOWN_FORMAT`; `SHAPE_MISMATCH` for another number of ids than rows; `DUPLICATE_ID`; `BAD_VALUE` for
 *   what is not finite, what is no id, or, in a file of lines, an id that spans several; `EMPTY_DATA`, `TOO_LARGE` for what
 *   {@link readVectors} would not read; `UNWRITABLE`
 * @example
 * ```ts
 * await writeVectors('posters.safetensors', new Matrix(1, 2, Float32Array.of(0.6, 0.8)), ['tt0114709']);
 * ```
 */
export async function writeVectors(path: string, vectors: Matrix, ids: readonly string[]): Promise<string[]> {
  const format = vectorFormatOf(path);
  if (ids.length !== vectors.rows)
    throw new TowerkitError('SHAPE_MISMATCH', `${vectors.rows} vectors cannot have ${ids.length} ids`);
  requireMatrixSize(path, vectors.rows, vectors.cols);
  requireFinite(path, { vectors, ids: vocabularyOf(ids, path, 'row', 'item') });
  const { rows, cols, data } = vectors;
  if (format === 'safetensors') {
    const tensors = { [TENSOR]: { shape: [rows, cols], data } };
    await writeFileAtomic(path, encodeSafetensors(tensors, { ids: JSON.stringify(ids) }));
    return [path];
  }
  if (format === 'parquet') {
    const lists = Array.from({ length: rows }, (_, row) => vectors.row(row));
    await writeParquet(path, {
      id: { type: 'VARCHAR', values: ids },
      vector: { type: 'FLOAT[]', values: lists },
    });
    return [path];
  }
  const broken = ids.findIndex((id) => /[\r\n]/.test(id));
  if (broken >= 0)
    throw new TowerkitError('BAD_VALUE', `${JSON.stringify(ids[broken])} takes several lines`, {
      hint: 'write .safetensors or .parquet, which keep such ids',
      details: { row: broken + 1 },
    });
  const beside = path.replace(/\.npy$/i, '.ids.txt');
  await writeFileAtomic(beside, `${ids.join('\n')}\n`);
  await writeFileAtomic(path, npyBytes(vectors));
  return [path, beside];
}

/** A matrix in NumPy's format, version 1: floats of 32 bits, the least byte first. */
function npyBytes({ rows, cols, data }: Matrix): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10; // values aligned to 64 bytes
  const bytes = new Uint8Array(10 + length + 4 * data.length);
  bytes.set(Buffer.from('\x93NUMPY\x01\x00', 'latin1'));
  const view = new DataView(bytes.buffer);
  view.setUint16(8, length, true);
  bytes.set(Buffer.from(`${header.padEnd(length - 1)}\n`, 'latin1'), 10);
  for (let i = 0; i < data.length; i++) view.setFloat32(10 + length + 4 * i, data[i], true);
  return bytes;
}
