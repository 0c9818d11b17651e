import { isTowerkitError } from '@towerkit/core';
import { parquetSize, readTable, type Table } from '@towerkit/data';
import { join } from 'node:path';

import { badArtifact, type ArtifactManifest } from './manifest.js';
import type { VerifiedArtifact } from './verify-artifact.js';

/** Values that a table may hold for its size on disk; lists may repeat an item many times, and a column its texts. */
const VALUES = { least: 1_000_000, perByte: 16 };
const TEXT = { least: 2 ** 26, perByte: 64 };

/**
 * Reads a table of an artifact whole. How many rows and values it has is looked up first, so that a small file which unpacks
 * into gigabytes is refused.
 *
 * @throws TowerkitError `BAD_ARTIFACT` for a table that is not listed, has other rows than the manifest says or more values
 *   than such a file can hold, or cannot be read
 */
export async function readArtifactTable(
  { folder, manifest }: Pick<VerifiedArtifact, 'folder' | 'manifest'>,
  name: string,
): Promise<Table> {
  if (!(name in manifest.files)) throw badArtifact(folder, `its manifest lists no ${name}`);
  const path = join(folder, name);
  const { bytes } = manifest.files[name];
  const most = ({ least, perByte }: typeof TEXT) => least + perByte * bytes;
  try {
    const { rows, values, text } = await parquetSize(path, most(VALUES));
    const kind = name === 'items.parquet' ? 'items' : 'users';
    if (!rowsFit(name, rows, manifest.dataset))
      throw badArtifact(
        folder,
        `its ${kind} do not fit its manifest: ${name} has ${rows} rows, and there are ${manifest.dataset[kind]} ${kind}`,
      );
    if (values > most(VALUES) || text > most(TEXT))
      throw badArtifact(
        folder,
        `${name} unpacks into ${values} values and ${text} bytes of text, more than its ${bytes} bytes can mean`,
      );
    return await readTable(path);
  } catch (error) {
    if (isTowerkitError(error, 'BAD_ARTIFACT') || !isTowerkitError(error)) throw error;
    throw badArtifact(folder, `${name}: ${error.message}`, error);
  }
}

function rowsFit(name: string, rows: number, { items, users }: ArtifactManifest['dataset']): boolean {
  if (name === 'items.parquet') return rows === items;
  if (name === 'histories.parquet' || name === 'users.parquet') return rows === users;
  const isOfSome = ['validation.parquet', 'test.parquet', 'feedback.parquet'].includes(name);
  return !isOfSome || rows <= users;
}

/** A column of dense ids or counts, one whole number from 0 to below `end` in each row. */
export function wholeColumn(table: Table, column: string, end: number): Int32Array | string {
  const values = table.columns[column];
  if (!(values instanceof Int32Array)) return `its column "${column}" does not hold whole numbers`;
  const wrong = values.find((value) => value < 0 || value >= end);
  return wrong === undefined ? values : `its column "${column}" holds ${wrong}`;
}

/** A column of texts, none missing. */
export function textColumn(table: Table, column: string): string[] | string {
  const values = table.columns[column];
  const whole = Array.isArray(values) && (values as unknown[]).every((value) => typeof value === 'string');
  return whole ? (values as string[]) : `its column "${column}" does not hold a text in each row`;
}

/**
 * A column of lists of numbers, as long as the lists of another column, none missing; NaN stands for no number.
 *
 * @param lengths of the other column's lists, row by row
 */
export function numbersColumn(
  table: Table,
  column: string,
  lengths: readonly ArrayLike<number>[],
): Float32Array[] | string {
  const values = table.columns[column];
  const fits = (list: unknown, row: number) =>
    list instanceof Float32Array && list.length === lengths[row].length;
  const whole = Array.isArray(values) && (values as unknown[]).every(fits);
  return whole ? (values as Float32Array[]) : `its column "${column}" does not hold a number for each item`;
}

/** A column of lists of dense ids, none missing. */
export function listColumn(table: Table, column: string): Int32Array[] | string {
  const values = table.columns[column];
  const whole = Array.isArray(values) && (values as unknown[]).every((value) => value instanceof Int32Array);
  return whole ? (values as Int32Array[]) : `its column "${column}" does not hold a list of ids in each row`;
}
