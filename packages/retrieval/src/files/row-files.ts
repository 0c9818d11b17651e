import { readRegular } from '@towerkit/core/files';
import type { FlatScan } from '@towerkit/kernels';
import { createHash } from 'node:crypto';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Attributes } from '../vector-index.js';
import { checkIds } from '../checks/ids.js';
import { RowSet } from '../rows/row-set.js';
import { badIndex } from './errors.js';

const IDS = 'ids.f64';
/** In the place of an id that was removed. */
const TOMBSTONE = -1;
const ATTRIBUTES = 'attributes.json';
export const VECTORS = 'vectors.f32';

/** Bytes of vectors read or written at a time, about. */
const CHUNK = 2 ** 24;

/** Writes ids by slot, -1 for a tombstone, and attributes. */
export async function writeRows(folder: string, rows: RowSet): Promise<void> {
  await writeFile(join(folder, IDS), bytesOf(rows.slots.stored()));
  await writeFile(join(folder, ATTRIBUTES), JSON.stringify(rows.attributes.columns));
}

/** @throws TowerkitError `BAD_INDEX` */
export async function readRows(folder: string, size: number): Promise<RowSet> {
  const bytes = await readRegular(join(folder, IDS));
  if (bytes.length % 8 !== 0) throw badIndex(`${IDS} is cut off`);
  const ids = new Float64Array(bytes.length / 8);
  new Uint8Array(ids.buffer).set(bytes);
  const live = ids.filter((id) => id !== TOMBSTONE);
  if (live.length !== size) throw badIndex(`${live.length} ids for ${size} items`);
  try {
    checkIds(live);
  } catch (cause) {
    throw badIndex(`${IDS}: ${(cause as Error).message}`, cause);
  }
  const attributes = JSON.parse(String(await readRegular(join(folder, ATTRIBUTES)))) as Attributes;
  for (const [name, values] of Object.entries(attributes))
    if (values.length !== ids.length) throw badIndex(`attribute ${JSON.stringify(name)} is cut off`);
  return new RowSet(ids, attributes);
}

/** Writes the vectors by slot, float32. */
export async function writeVectors(folder: string, scan: FlatScan): Promise<void> {
  const file = await open(join(folder, VECTORS), 'w');
  try {
    const step = rowsOfChunk(scan.dimensions);
    for (let slot = 0; slot < scan.size; slot += step)
      await file.writeFile(bytesOf(scan.slice(slot, Math.min(scan.size, slot + step)).data));
  } finally {
    await file.close();
  }
}

/** The file that {@link writeVectors} wrote, kept open: by the time it is read another may stand in its place. */
export const openVectors = (folder: string): Promise<FileHandle> => open(join(folder, VECTORS), 'r');

/**
 * Puts the vectors of a file into an empty scan.
 *
 * @param sha256 of the file as it was saved: it may be read long after the index was opened
 * @throws TowerkitError `BAD_INDEX`
 */
export async function readVectors(
  file: FileHandle,
  scan: FlatScan,
  ids: Float64Array,
  sha256: string | undefined,
): Promise<void> {
  const { dimensions } = scan;
  if ((await file.stat()).size !== 4 * dimensions * ids.length) throw badIndex(`${VECTORS} is cut off`);
  await scan.reserve(ids.length);
  const step = Math.min(ids.length, rowsOfChunk(dimensions));
  const chunk = new Float32Array(step * dimensions);
  const hash = createHash('sha256');
  for (let slot = 0; slot < ids.length; slot += step) {
    const part = chunk.subarray(0, Math.min(step, ids.length - slot) * dimensions);
    await readWhole(file, bytesOf(part), 4 * dimensions * slot);
    hash.update(bytesOf(part));
    await scan.append(part, ids.subarray(slot, slot + step));
  }
  if (hash.digest('hex') !== sha256) throw badIndex(`${VECTORS} is not what was written`);
}

async function readWhole(file: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw badIndex(`${VECTORS} is cut off`);
    at += bytesRead;
  }
}

const rowsOfChunk = (dimensions: number) => Math.max(1, Math.floor(CHUNK / (4 * dimensions)));

const bytesOf = (array: Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
