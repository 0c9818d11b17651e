import { encodeSafetensors, type Matrix } from '@towerkit/core';
import { writeFileAtomic } from '@towerkit/core/files';

import { TowerkitError } from '../errors.js';
import { writeParquet } from '../write-table.js';
import { vocabularyOf } from './row-ids.js';

/** Name of the matrix in a safetensors file. */
const TENSOR = 'vectors';

/**
 * The format that vectors are written in by the ending of a name, to be looked at before hours of work.
 *
 * @throws TowerkitError `UNKNOWN_FORMAT`
 */
export function vectorFormatOf(path: string): 'npy' | 'safetensors' | 'parquet' {
  const ending = /\.(npy|safetensors|parquet)$/i.exec(path)?.[1].toLowerCase();
  if (ending !== undefined) return ending as 'npy' | 'safetensors' | 'parquet';
  throw new TowerkitError('UNKNOWN_FORMAT', `cannot write vectors to ${path}`, {
    hint: 'its name must end in .npy, .safetensors or .parquet',
    details: { file: path },
  });
}

/**
 * Writes vectors with their ids, by the ending of the name, so that {@link readVectors} reads them: `.safetensors` (ids in the
 * metadata), `.parquet` (columns `id` and `vector`), or `.npy` with the ids beside it, one on a line of `<name>.ids.txt`. Each file
 * appears whole or not at all.
 *
 * @param ids by row, no two alike
 * @returns the files written
 * @throws TowerkitError `UNKNOWN_FORMAT`; `SHAPE_MISMATCH` for another number of ids than rows; `DUPLICATE_ID`; `BAD_VALUE` for
 *   what is no id, or, in a file of lines, for one that spans several; `UNWRITABLE`
 * @example
 * ```ts
 * await writeVectors('posters.safetensors', new Matrix(1, 2, Float32Array.of(0.6, 0.8)), ['tt0114709']);
 * ```
 */
export async function writeVectors(path: string, vectors: Matrix, ids: readonly string[]): Promise<string[]> {
  const ending = vectorFormatOf(path);
  if (ids.length !== vectors.rows)
    throw new TowerkitError('SHAPE_MISMATCH', `${vectors.rows} vectors cannot have ${ids.length} ids`);
  vocabularyOf(ids, path, 'row', 'item');
  const { rows, cols, data } = vectors;
  if (ending === 'safetensors') {
    const tensors = { [TENSOR]: { shape: [rows, cols], data } };
    await writeFileAtomic(path, encodeSafetensors(tensors, { ids: JSON.stringify(ids) }));
    return [path];
  }
  if (ending === 'parquet') {
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
