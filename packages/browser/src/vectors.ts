import { decodeSafetensors, encodeSafetensors, Matrix } from '@towerkit/core';

import { fromHalf, toHalf } from './half.js';

/** How item vectors are kept: 4, 2 or 1 bytes a component; int8 with a scale for each item. */
export type VectorType = 'float32' | 'float16' | 'int8';

/** Item vectors as a safetensors file. */
export function encodeVectors({ rows, cols, data }: Matrix, type: VectorType): Uint8Array {
  if (type === 'float32') return encodeSafetensors({ vectors: { shape: [rows, cols], data } });
  if (type === 'float16') {
    const halves = new DataView(new ArrayBuffer(2 * data.length));
    data.forEach((value, at) => halves.setUint16(2 * at, toHalf(value), true));
    const shape = [rows, cols, 2];
    return encodeSafetensors({ vectors_float16: { shape, data: new Uint8Array(halves.buffer) } });
  }
  const scales = new Float32Array(rows);
  const bytes = new Int8Array(data.length);
  for (let row = 0; row < rows; row++) {
    const vector = data.subarray(row * cols, (row + 1) * cols);
    scales[row] = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    if (scales[row] > 0)
      vector.forEach((value, at) => (bytes[row * cols + at] = Math.round(value / scales[row])));
  }
  return encodeSafetensors({
    vectors_int8: { shape: [rows, cols], data: new Uint8Array(bytes.buffer) },
    scales: { shape: [rows], data: scales },
  });
}

/** Item vectors of a file of any of the types, [items, dimensions]; undefined where it holds none of that shape. */
export function decodeVectors(file: Uint8Array, rows: number, cols: number): Matrix | undefined {
  const { tensors } = decodeSafetensors(file);
  const { vectors, vectors_float16: halves, vectors_int8: bytes, scales } = tensors;
  const size = rows * cols;
  if (vectors?.data instanceof Float32Array && vectors.data.length === size)
    return new Matrix(rows, cols, vectors.data);
  const out = new Matrix(rows, cols);
  if (halves?.data instanceof Uint8Array && halves.data.length === 2 * size) {
    const view = new DataView(halves.data.buffer, halves.data.byteOffset);
    for (let at = 0; at < size; at++) out.data[at] = fromHalf(view.getUint16(2 * at, true));
    return out;
  }
  if (bytes?.data instanceof Uint8Array && bytes.data.length === size && scales?.data.length === rows) {
    for (let at = 0; at < size; at++)
      out.data[at] = ((bytes.data[at] << 24) >> 24) * scales.data[Math.floor(at / cols)];
    return out;
  }
  return undefined;
}
