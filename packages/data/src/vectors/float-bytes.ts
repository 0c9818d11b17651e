/** How floats are stored: IEEE 754 of 16, 32 and 64 bits, and bfloat16, the upper half of 32 bits. */
export type FloatType = 'F16' | 'BF16' | 'F32' | 'F64';

/** Bytes of a stored float. */
export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { F16: 2, BF16: 2, F32: 4, F64: 8 };

/** Whether a type of stored values is one of floats. */
export const isFloatType = (type: string): type is FloatType => Object.hasOwn(FLOAT_BYTES, type);

/**
 * Stored floats as 32-bit ones; those of 64 bits lose precision, and beyond the range of 32 bits become infinite.
 *
 * @param bytes whole floats
 * @param out receives them
 */
export function decodeFloats(
  bytes: Uint8Array,
  type: FloatType,
  littleEndian: boolean,
  out: Float32Array,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / FLOAT_BYTES[type];
  switch (type) {
    case 'F64':
      for (let i = 0; i < count; i++) out[i] = view.getFloat64(8 * i, littleEndian);
      return;
    case 'F32':
      for (let i = 0; i < count; i++) out[i] = view.getFloat32(4 * i, littleEndian);
      return;
    case 'F16': {
      const halves = halfTable();
      for (let i = 0; i < count; i++) out[i] = halves[view.getUint16(2 * i, littleEndian)];
      return;
    }
    case 'BF16': {
      const bits = new Uint32Array(out.buffer, out.byteOffset, count);
      for (let i = 0; i < count; i++) bits[i] = view.getUint16(2 * i, littleEndian) << 16;
    }
  }
}

let table: Float32Array | undefined;

/** Each float of 16 bits by its bits: [65536]. */
function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => half(bits));
  return table;
}

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
