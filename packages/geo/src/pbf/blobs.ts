import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

import { PbfReader } from 'pbf';

import { badFile, TowerkitError } from '../errors.js';

/** Where one block of a file is. */
export interface BlobPlace {
  readonly type: string;
  /** First byte of its content. */
  readonly offset: number;
  /** Bytes of its content, compressed. */
  readonly size: number;
}

/** Limits of the format: https://wiki.openstreetmap.org/wiki/PBF_Format. */
const MOST_HEADER = 64 * 1024;
const MOST_BLOB = 32 * 1024 * 1024;

const inflated = promisify(inflate);

/**
 * Walks the blocks of an `.osm.pbf` file without reading what they hold.
 *
 * @throws TowerkitError `BAD_FILE` for a file that is cut off, or none of this format
 */
export async function blobPlaces(file: FileHandle, path: string): Promise<BlobPlace[]> {
  const { size: total } = await file.stat();
  const places: BlobPlace[] = [];
  for (let at = 0; at < total;) {
    const length = (await bytesAt(file, path, at, 4, total)).readUInt32BE(0);
    if (length > MOST_HEADER) throw noBlock(path, at);
    const bytes = await bytesAt(file, path, at + 4, length, total);
    const { type, size } = decoded(path, at, () => blobHeader(bytes));
    if (type === '' || size < 0 || size > MOST_BLOB) throw noBlock(path, at);
    const offset = at + 4 + length;
    if (offset + size > total) throw cutOff(path, at, offset + size - total);
    places.push({ type, offset, size });
    at = offset + size;
  }
  if (places[0]?.type !== 'OSMHeader') throw noBlock(path, 0);
  return places;
}

/**
 * The content of a block, decompressed.
 *
 * @throws TowerkitError `BAD_FILE` where it is damaged, or compressed in another way than zlib
 */
export async function blobContent(file: FileHandle, path: string, place: BlobPlace): Promise<Uint8Array> {
  const bytes = await bytesAt(file, path, place.offset, place.size, Infinity);
  const { raw, zlib, other } = decoded(path, place.offset, () => blob(bytes));
  if (raw !== undefined) return raw;
  if (zlib === undefined)
    throw badFile(
      path,
      other ? 'its blocks are compressed, but not by zlib' : `the block at byte ${place.offset} is empty`,
      'osmium cat --output-format pbf,pbf_compression=zlib writes it anew',
    );
  return inflated(zlib, { maxOutputLength: MOST_BLOB }).catch((cause: Error) => {
    throw badFile(path, `the block at byte ${place.offset} is damaged: ${cause.message}`, undefined, cause);
  });
}

/**
 * Runs what decodes a message: whatever goes wrong there is the fault of the bytes.
 *
 * @throws TowerkitError `BAD_FILE`
 */
export function decoded<T>(path: string, at: number, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    if (cause instanceof TowerkitError) throw cause;
    throw badFile(path, `the block at byte ${at} is damaged: ${(cause as Error).message}`, undefined, cause);
  }
}

function blobHeader(bytes: Uint8Array): { type: string; size: number } {
  const header = { type: '', size: -1 };
  new PbfReader(bytes).readFields((tag, found, pbf) => {
    if (tag === 1) found.type = pbf.readString();
    else if (tag === 3) found.size = pbf.readVarint();
  }, header);
  return header;
}

/** Fields of `Blob`: 1 raw, 2 raw_size, 3 zlib_data, 4 to 7 other compressions. */
function blob(bytes: Uint8Array): { raw?: Uint8Array; zlib?: Uint8Array; other?: boolean } {
  const content: { raw?: Uint8Array; zlib?: Uint8Array; other?: boolean } = {};
  new PbfReader(bytes).readFields((tag, found, pbf) => {
    if (tag === 1) found.raw = pbf.readBytes();
    else if (tag === 3) found.zlib = pbf.readBytes();
    else if (tag > 3) found.other = true;
  }, content);
  return content;
}

async function bytesAt(
  file: FileHandle,
  path: string,
  at: number,
  size: number,
  total: number,
): Promise<Buffer> {
  if (at + size > total) throw cutOff(path, at, at + size - total);
  const bytes = Buffer.allocUnsafe(size);
  const { bytesRead } = await file.read(bytes, 0, size, at);
  if (bytesRead < size) throw cutOff(path, at, size - bytesRead);
  return bytes;
}

const cutOff = (path: string, at: number, missing: number) =>
  badFile(path, `it is cut off: the block at byte ${at} lacks ${missing} bytes`);

const noBlock = (path: string, at: number) =>
  badFile(path, `no block of an .osm.pbf file begins at byte ${at}`, 'is it an .osm.pbf file?');
