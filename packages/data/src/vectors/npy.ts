import type { FileHandle } from 'node:fs/promises';

import type { Matrix } from '@towerkit/core';

import { badFile } from '../input-file.js';
import { FLOAT_BYTES, type FloatType } from './float-bytes.js';
import { readStoredMatrix, readWhole, type StoredMatrix } from './stored-matrix.js';

/** Bytes of the header of an array of two dimensions, at most; NumPy's own take 118. */
const LONGEST_HEADER = 65_536;

const TYPES: Readonly<Record<string, FloatType>> = { f2: 'F16', f4: 'F32', f8: 'F64' };

/**
 * Reads an array of two dimensions in NumPy's format (numpy.lib.format, versions 1 to 3): floats of 16, 32 or 64 bits in
 * either byte order; one that lies column by column is turned.
 *
 * @param size bytes of the file
 * @throws TowerkitError `BAD_FILE`, `EMPTY_DATA`, `TOO_LARGE`
 */
export async function readNpy(handle: FileHandle, path: string, size: number): Promise<Matrix> {
  const start = new Uint8Array(12);
  await readWhole(handle, path, start.subarray(0, Math.min(12, size)), 0);
  if (Buffer.from(start.subarray(0, 6)).toString('latin1') !== '\x93NUMPY')
    throw badFile(path, 'it is not in the format of NumPy');
  const [, , , , , , version] = start;
  if (version < 1 || version > 3)
    throw badFile(path, `version ${version} of the format of NumPy is not known`);
  const view = new DataView(start.buffer);
  const [from, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (from + length > size) throw badFile(path, 'its header is cut off');
  if (length > LONGEST_HEADER) throw badFile(path, `its header takes ${length} bytes`);
  const header = new Uint8Array(length);
  await readWhole(handle, path, header, from);
  const stored = layoutOf(path, Buffer.from(header).toString('latin1'), from + length);
  const [rows, columns] = stored.shape;
  const bytes = rows * columns * FLOAT_BYTES[stored.type];
  if (stored.from + bytes !== size)
    throw badFile(
      path,
      `its ${rows} x ${columns} values take ${bytes} bytes, but ${size - stored.from} follow`,
    );
  return readStoredMatrix(handle, path, stored);
}

/** What the header says, which is a dictionary as Python writes it. */
function layoutOf(path: string, header: string, from: number): StoredMatrix {
  const [, descr] = /'descr'\s*:\s*'([^']*)'/.exec(header) ?? [];
  const [, order] = /'fortran_order'\s*:\s*(True|False)/.exec(header) ?? [];
  const [, sizes] = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header) ?? [];
  if (descr === undefined || order === undefined || sizes === undefined)
    throw badFile(path, 'its header does not say type, order and shape of an array');
  const [, end, kind] = /^([<>=|])?([a-zA-Z]\d*)$/.exec(descr) ?? [];
  if (kind === undefined || !Object.hasOwn(TYPES, kind))
    throw badFile(
      path,
      `its values are of type ${JSON.stringify(descr)}, not floats`,
      undefined,
      'save it as float32',
    );
  const shape = sizes.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)]));
  if (shape.length !== 2 || !shape.every(Number.isSafeInteger))
    throw badFile(
      path,
      `its shape is (${sizes}), not (rows, columns)`,
      undefined,
      'save one row for each id',
    );
  return {
    shape: [shape[0], shape[1]],
    type: TYPES[kind],
    littleEndian: end !== '>',
    byColumn: order === 'True',
    from,
  };
}
