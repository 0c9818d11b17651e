import type { Matrix, Vocabulary } from '@towerkit/core';
import {
  encodeVectors,
  matchRows,
  readVectors,
  type VectorEncoding,
  type VectorFile,
  type Vectors,
} from '@towerkit/data';
import { basename, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import type { Side } from '../side.js';

/** Vectors of a file as a feature. */
export interface WantedVector extends Omit<VectorFile, 'path'> {
  /** The file; see `VectorFile` of `@towerkit/data` for its formats and for what says whose each row is. */
  readonly file: string;
  /** Whether each vector is scaled to a length of 1. */
  readonly normalize: boolean;
  /** Whether a last component flags those without a vector. */
  readonly missing: boolean;
}

/** Which files become features, by name. */
export type WantedVectors = Readonly<Record<string, WantedVector>>;

/** Vectors of the items, or of the users, as a model reads them. */
export interface EntityVectors {
  /** By name, [items, dimensions], one component more with a flag; zeros for one without a vector. */
  readonly features: Readonly<Record<string, Matrix>>;
  readonly encodings: Readonly<Record<string, VectorEncoding>>;
  /** By name: items without a vector, and vectors of no item. */
  readonly overlap: Readonly<Record<string, { readonly without: number; readonly unused: number }>>;
}

/**
 * Reads vectors of files as features. A file that says no ids has those of the side's table, row by row, if both have equally
 * many.
 *
 * @param folder what the paths are relative to
 * @throws TowerkitError `NO_OVERLAP` for a file that has none of the items; `SHAPE_MISMATCH` for one without ids whose rows are
 *   not those of the table; what `readVectors` of `@towerkit/data` throws
 * @example
 * ```ts
 * const posters = { file: 'posters.npy', ids: 'posters.txt', normalize: true, missing: false };
 * const { features, overlap } = await fitVectors(itemSide(log, catalog), { poster: posters }, './movies');
 * features.poster.cols; // 1280
 * overlap.poster; // { without: 23, unused: 166 }
 * ```
 */
export async function fitVectors(
  side: Side,
  wanted: WantedVectors,
  folder: string,
  options: { readonly threads?: number } = {},
): Promise<EntityVectors> {
  const features: Record<string, Matrix> = {};
  const encodings: Record<string, VectorEncoding> = {};
  const overlap: Record<string, { without: number; unused: number }> = {};
  for (const [name, wish] of Object.entries(wanted)) {
    const { file, normalize, missing } = wish;
    const { vectors, ids } = await readSideVectors(side, wish, folder, options);
    const { rows, ...counts } = matchRows(side.names, ids, side.what, basename(file));
    encodings[name] = { kind: 'vector', dimensions: vectors.cols, normalize, missing };
    features[name] = encodeVectors(
      Array.from(rows, (row) => (row < 0 ? null : vectors.row(row))),
      encodings[name],
    );
    overlap[name] = counts;
  }
  return { features, encodings, overlap };
}

/**
 * Reads the vectors of a file, and whose each is; see {@link fitVectors}.
 *
 * @throws TowerkitError `SHAPE_MISMATCH` for a file without ids whose rows are not those of the table; what `readVectors` throws
 */
export async function readSideVectors(
  { what, ids: tableIds, skipped = 0 }: Pick<Side, 'what' | 'ids' | 'skipped'>,
  { file, ids, idColumn, column, tensor }: Omit<WantedVector, 'normalize' | 'missing'>,
  folder: string,
  options: { readonly threads?: number } = {},
): Promise<Required<Vectors>> {
  const read = await readVectors({
    path: resolve(folder, file),
    ...(ids !== undefined && { ids: resolve(folder, ids) }),
    ...{ idColumn, column, tensor, what },
    ...options,
  });
  return {
    vectors: read.vectors,
    ids: read.ids ?? rowsOfTable(what, tableIds, skipped, basename(file), read.vectors),
  };
}

/** The ids of a table, for vectors that are in its order. */
function rowsOfTable(
  what: Side['what'],
  ids: Vocabulary | undefined,
  skipped: number,
  file: string,
  { rows }: Matrix,
): Vocabulary {
  if (ids && ids.size === rows && skipped === 0) return ids;
  const table = what === 'item' ? 'catalog' : 'table of users';
  const has =
    ids === undefined
      ? `there is no ${table} whose order they could be in`
      : `the ${table} has ${ids.size}${skipped > 0 ? `, ${skipped} more were left out` : ''}`;
  throw new TowerkitError('SHAPE_MISMATCH', `${file} says no ids for its ${rows} rows, and ${has}`, {
    hint: 'name the file of its ids: ids',
    details: { file, rows },
  });
}
