/** A type of floats that a file may hold, by its name in NumPy and in safetensors. */
export const TYPES = { f2: 'F16', f4: 'F32', f8: 'F64' } as const;
export type NumpyType = keyof typeof TYPES;

/** Bits of a float of 16 bits that is one exactly. */
function halfBits(value: number): number {
  BITS ??= new Map(Array.from({ length: 2 ** 15 }, (_, bits) => [halfOf(bits), bits]));
  const bits = BITS.get(Math.abs(value))!;
  return value < 0 || Object.is(value, -0) ? bits | (2 ** 15) : bits;
}
let BITS: Map<number, number> | undefined;

/** A positive float of 16 bits by its parts, as IEEE 754 writes them; infinity and NaN aside. */
function halfOf(bits: number): number {
  const [exponent, fraction] = [bits >> 10, bits & 1023];
  if (exponent === 31) return Infinity;
  return exponent === 0 ? fraction / 2 ** 24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A float of 16 bits by its bits, for tests a finite one: of those that are not, the fraction alone counts. */
export const halfValue = (bits: number): number => {
  const magnitude = bits & 0x7fff;
  const size = halfOf(magnitude < 0x7c00 ? magnitude : magnitude - 0x7c00);
  return bits & (2 ** 15) ? -size : size;
};

export function floatBytes(values: readonly number[], type: NumpyType, littleEndian: boolean): Uint8Array {
  const size = { f2: 2, f4: 4, f8: 8 }[type];
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (type === 'f2') view.setUint16(2 * i, halfBits(value), littleEndian);
    else if (type === 'f4') view.setFloat32(4 * i, value, littleEndian);
    else view.setFloat64(8 * i, value, littleEndian);
  });
  return bytes;
}

/** A file as numpy.save writes it. */
export function npy(
  rows: readonly (readonly number[])[],
  { type = 'f4', littleEndian = true, fortran = false, version = 1 }: NpyOptions = {},
): Uint8Array {
  const columns = rows[0].length;
  const values = fortran
    ? Array.from({ length: columns }, (_, column) => rows.map((row) => row[column])).flat()
    : rows.flat();
  const header = `{'descr': '${littleEndian ? '<' : '>'}${type}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${rows.length}, ${columns}), }`;
  return npyOf(header, floatBytes(values, type, littleEndian), version);
}

interface NpyOptions {
  readonly type?: NumpyType;
  readonly littleEndian?: boolean;
  readonly fortran?: boolean;
  readonly version?: number;
}

/** A file of that format with any header. */
export function npyOf(header: string, values: Uint8Array, version = 1): Uint8Array {
  const before = version === 1 ? 10 : 12;
  const length = Math.ceil((before + header.length + 1) / 64) * 64 - before;
  const start = Buffer.alloc(before);
  start.write('\x93NUMPY', 'latin1');
  start[6] = version;
  if (version === 1) start.writeUInt16LE(length, 8);
  else start.writeUInt32LE(length, 8);
  return Buffer.concat([start, Buffer.from(`${header.padEnd(length - 1)}\n`, 'latin1'), values]);
}

/** A safetensors file with any header. */
export function safetensorsOf(header: unknown, values: Uint8Array): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, values]);
}
