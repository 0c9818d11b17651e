import type { FileHandle } from 'node:fs/promises';

import { Matrix } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { badFile } from '../input-file.js';
import { decodeFloats, FLOAT_BYTES, type FloatType } from './float-bytes.js';

/** A matrix of floats as it lies in a file. */
export interface StoredMatrix {
  /** [rows, columns] */
  readonly shape: readonly [number, number];
  readonly type: FloatType;
  readonly littleEndian: boolean;
  /** Whether the values lie column by column, as in Fortran. */
  readonly byColumn: boolean;
  /** First byte of the values. */
  readonly from: number;
}

/** Values of the largest matrix that is read: 4 GiB as 32-bit floats. */
const MOST = 2 ** 30;

/** Values that are read and decoded at once. */
const CHUNK = 2 ** 18;

/**
 * Refuses a matrix without values, and one that would not fit into memory; to be called before anything is allocated.
 *
 * @throws TowerkitError `EMPTY_DATA`, `TOO_LARGE`
 */
export function requireMatrixSize(path: string, rows: number, columns: number): void {
  if (rows === 0 || columns === 0)
    throw new TowerkitError('EMPTY_DATA', `${path} has no vector: its matrix is ${rows} x ${columns}`, {
      details: { file: path },
    });
  if (rows * columns > MOST)
    throw new TowerkitError('TOO_LARGE', `${path} has ${rows} x ${columns} values, more than ${MOST}`, {
      hint: 'reduce the dimensions of the vectors, by a projection for instance',
      details: { file: path, rows, columns },
    });
}

/**
 * Reads a matrix of a file whose size was compared with its shape.
 *
 * @throws TowerkitError `EMPTY_DATA`, `TOO_LARGE`; `BAD_FILE` where the file ends before the matrix does
 */
export async function readStoredMatrix(
  handle: FileHandle,
  path: string,
  { shape: [rows, columns], type, littleEndian, byColumn, from }: StoredMatrix,
): Promise<Matrix> {
  requireMatrixSize(path, rows, columns);
  const out = new Matrix(rows, columns);
  const size = FLOAT_BYTES[type];
  const total = rows * columns;
  const buffer = new Uint8Array(Math.min(CHUNK, total) * size);
  const column = byColumn ? new Float32Array(buffer.length / size) : undefined;
  for (let at = 0; at < total; at += CHUNK) {
    const count = Math.min(CHUNK, total - at);
    await readWhole(handle, path, buffer.subarray(0, count * size), from + at * size);
    const values = column?.subarray(0, count) ?? out.data.subarray(at, at + count);
    decodeFloats(buffer.subarray(0, count * size), type, littleEndian, values);
    if (column)
      for (let i = 0; i < count; i++) {
        const place = at + i;
        out.data[(place % rows) * columns + Math.floor(place / rows)] = values[i];
      }
  }
  return out;
}

/** Fills bytes from a place of a file. @throws TowerkitError `BAD_FILE` where it ends before */
export async function readWhole(
  handle: FileHandle,
  path: string,
  into: Uint8Array,
  from: number,
): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await handle.read(into, done, into.length - done, from + done);
    if (bytesRead === 0) throw badFile(path, 'it is cut off');
    done += bytesRead;
  }
}
