import { Matrix } from '@towerkit/core';
import type { FlatScan } from '@towerkit/kernels';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Attributes } from '../vector-index.js';
import { RowSet } from '../rows/row-set.js';
import { badIndex } from './errors.js';

const IDS = 'ids.f64';
const ATTRIBUTES = 'attributes.json';
const VECTORS = 'vectors.f32';

/** Bytes of vectors read or written at a time, about. */
const CHUNK = 2 ** 24;

/** Writes ids by slot, -1 for a tombstone, and attributes. */
export async function writeRows(folder: string, rows: RowSet): Promise<void> {
  await writeFile(join(folder, IDS), bytesOf(rows.slots.stored()));
  await writeFile(join(folder, ATTRIBUTES), JSON.stringify(rows.attributes.columns));
}

/** @throws TowerkitError `BAD_INDEX` */
export async function readRows(folder: string, size: number): Promise<RowSet> {
  const bytes = await readFile(join(folder, IDS));
  if (bytes.length % 8 !== 0) throw badIndex(`${IDS} is cut off`);
  const ids = new Float64Array(bytes.length / 8);
  new Uint8Array(ids.buffer).set(bytes);
  const attributes = JSON.parse(await readFile(join(folder, ATTRIBUTES), 'utf8')) as Attributes;
  for (const [name, values] of Object.entries(attributes))
    if (values.length !== ids.length) throw badIndex(`attribute ${JSON.stringify(name)} is cut off`);
  const rows = new RowSet(ids, attributes);
  if (rows.slots.size !== size) throw badIndex(`${rows.slots.size} ids for ${size} items`);
  return rows;
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

/** Puts the vectors that {@link writeVectors} wrote into an empty scan. @throws TowerkitError `BAD_INDEX` */
export async function readVectors(folder: string, scan: FlatScan, ids: Float64Array): Promise<void> {
  const { dimensions } = scan;
  await scan.reserve(ids.length);
  const file = await open(join(folder, VECTORS), 'r');
  try {
    if ((await file.stat()).size !== 4 * dimensions * ids.length) throw badIndex(`${VECTORS} is cut off`);
    const step = Math.min(ids.length, rowsOfChunk(dimensions));
    const chunk = new Matrix(step, dimensions);
    for (let slot = 0; slot < ids.length; slot += step) {
      const rows = Math.min(step, ids.length - slot);
      const part = chunk.data.subarray(0, rows * dimensions);
      await readWhole(file, bytesOf(part));
      await scan.append(part, ids.subarray(slot, slot + rows));
    }
  } finally {
    await file.close();
  }
}

async function readWhole(file: Awaited<ReturnType<typeof open>>, into: Uint8Array): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at);
    if (bytesRead === 0) throw badIndex(`${VECTORS} is cut off`);
    at += bytesRead;
  }
}

const rowsOfChunk = (dimensions: number) => Math.max(1, Math.floor(CHUNK / (4 * dimensions)));

const bytesOf = (array: Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
