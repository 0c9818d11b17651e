import { readFile } from 'node:fs/promises';

import { Matrix } from '@towerkit/core';

/** Reads a two-dimensional array of float16 or float32 in NumPy's format, version 1 (numpy.lib.format). */
export async function readNpy(path: string): Promise<Matrix> {
  const file = await readFile(path);
  if (file.toString('latin1', 0, 6) !== '\x93NUMPY' || file[6] !== 1)
    throw new Error(`${path} is no npy file`);
  const start = 10 + file.readUInt16LE(8);
  const header = file.toString('latin1', 10, start);
  const [, type] = /'descr': '<(f[24])'/.exec(header) ?? [];
  const [, rows, cols] = /'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(header) ?? [];
  if (type === undefined || rows === undefined) throw new Error(`${path}: cannot read ${header}`);
  const out = new Matrix(Number(rows), Number(cols));
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = type === 'f4' ? file.readFloatLE(start + 4 * i) : half(file.readUInt16LE(start + 2 * i));
  return out;
}

/** A float16 of IEEE 754 by its bits. */
function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits >> 15 ? -size : size;
}
