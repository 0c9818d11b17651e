import type { FileHandle } from 'node:fs/promises';

/** Where a file of FAISS keeps what trades recall for speed: faiss-node can set it in no other way. */
export interface Parameter {
  readonly name: 'ef' | 'nprobe';
  /** Byte at which it stands, a little-endian integer of so many bytes. */
  readonly at: number;
  readonly bytes: 4 | 8;
  readonly value: number;
  /** The largest value that means anything. */
  readonly most: number;
}

/** The first bytes of an index: its kind, width, vectors, two unused numbers, whether it is trained, the metric. */
export const HEADER = 37;

/** How far into a file an index may stand inside another, after the matrix of a transform. */
const REACH = 2 ** 25;

export interface Header {
  readonly kind: string;
  readonly dimensions: number;
  readonly vectors: number;
}

/** What a file says of itself, undefined where it is no trained index of FAISS by inner product. */
export async function readHeader(file: FileHandle): Promise<Header | undefined> {
  const bytes = await slice(file, 0, HEADER);
  if (bytes.length < HEADER || bytes[32] !== 1 || bytes.readInt32LE(33) !== 0) return undefined;
  return {
    kind: bytes.toString('latin1', 0, 4),
    dimensions: bytes.readInt32LE(4),
    vectors: Number(bytes.readBigInt64LE(8)),
  };
}

/** efSearch of a graph or nprobe of an inverted file, also inside a transform or a refinement; undefined where there is none. */
export async function readParameter(file: FileHandle): Promise<Parameter | undefined> {
  const header = await readHeader(file);
  if (header === undefined) return undefined;
  if (header.kind.startsWith('IHN')) return efSearch(file, 0);
  if (header.kind.startsWith('Iw')) return nprobe(file, 0);
  if (header.kind !== 'IxPT' && header.kind !== 'IxRF') return undefined;
  const start = await slice(file, HEADER, REACH);
  const vectors = Buffer.alloc(8);
  vectors.writeBigInt64LE(BigInt(header.vectors));
  // An index inside says that it has as many vectors.
  for (let at = start.indexOf(vectors); at >= 0; at = start.indexOf(vectors, at + 1)) {
    const kind = at >= 8 ? start.toString('latin1', at - 8, at - 4) : '';
    if (/^IHN[a-z]$/.test(kind)) return efSearch(file, HEADER + at - 8);
    if (/^Iw[A-Za-z]{2}$/.test(kind)) return nprobe(file, HEADER + at - 8);
  }
  return undefined;
}

/** nlist and nprobe follow the header. */
async function nprobe(file: FileHandle, start: number): Promise<Parameter | undefined> {
  const bytes = await slice(file, start + HEADER, 16);
  if (bytes.length < 16) return undefined;
  const [lists, value] = [Number(bytes.readBigUInt64LE(0)), Number(bytes.readBigUInt64LE(8))];
  if (value < 1 || lists < 1 || lists > 2 ** 31) return undefined;
  return { name: 'nprobe', at: start + HEADER + 8, bytes: 8, value, most: lists };
}

/** Five arrays follow the header, then entry point and top level, then efConstruction and efSearch. */
async function efSearch(file: FileHandle, start: number): Promise<Parameter | undefined> {
  let at = start + HEADER;
  for (const width of [8, 4, 4, 8, 4]) {
    const length = await slice(file, at, 8);
    if (length.length < 8) return undefined;
    at += 8 + width * Number(length.readBigUInt64LE(0));
  }
  const bytes = await slice(file, at + 8, 8);
  if (bytes.length < 8) return undefined;
  const [construction, value] = [bytes.readInt32LE(0), bytes.readInt32LE(4)];
  if (construction < 1 || construction > 1e6 || value < 1 || value > 1e6) return undefined;
  return { name: 'ef', at: at + 12, bytes: 4, value, most: 65_536 };
}

/** Writes another value. */
export async function writeParameter(
  file: FileHandle,
  { at, bytes }: Parameter,
  value: number,
): Promise<void> {
  const text = Buffer.alloc(bytes);
  if (bytes === 8) text.writeBigUInt64LE(BigInt(value));
  else text.writeInt32LE(value);
  await file.write(text, 0, bytes, at);
}

async function slice(file: FileHandle, at: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at)) return Buffer.alloc(0);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
