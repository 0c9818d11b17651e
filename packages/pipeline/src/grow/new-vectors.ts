import { Vocabulary } from '@towerkit/core';
import { matchRows, type Catalog } from '@towerkit/data';
import { readSideVectors, type Encodings, type WantedVector } from '@towerkit/features';
import { basename, extname } from 'node:path';

import type { Recipe } from '../config/recipe.js';
import { TowerkitError } from '../errors.js';

/** A file of vectors of new items; what the recipe says of the trained ones' file holds where nothing else is said. */
export type NewVectorFile = Omit<WantedVector, 'normalize' | 'missing'>;

/** Vectors of new items. */
export interface NewVectors {
  /** By feature: the vector of each new item, null for one without. */
  readonly values: Readonly<Record<string, (Float32Array | null)[]>>;
  /** By feature: new items without a vector. */
  readonly without: Readonly<Record<string, number>>;
}

/**
 * Reads vectors of new items from files, as the features of a model that are vectors need them. Without a file no new item has
 * one.
 *
 * @param given files by feature, relative to where the program runs
 * @param catalog the file of new items
 * @param rows which of its rows are new
 * @throws TowerkitError `BAD_OPTION` for a feature that is no vector of the model; `SHAPE_MISMATCH` for vectors of another width
 *   than those trained with; `NO_OVERLAP`; what reading throws
 */
export async function newVectors(
  given: Readonly<Record<string, NewVectorFile>>,
  encodings: Encodings,
  recipe: Recipe,
  { items, skipped }: Pick<Catalog, 'items' | 'skipped'>,
  rows: readonly number[],
): Promise<NewVectors> {
  const wanted = Object.entries(encodings).flatMap(([name, encoding]) =>
    encoding.kind === 'vector' ? [{ name, ...encoding }] : [],
  );
  const stray = Object.keys(given).find((name) => !wanted.some((one) => one.name === name));
  if (stray !== undefined)
    throw new TowerkitError(
      'BAD_OPTION',
      `the model reads no vectors ${JSON.stringify(stray)} of its items`,
      {
        hint: wanted.length > 0 ? `it reads ${wanted.map(({ name }) => name).join(', ')}` : 'it reads none',
        details: { option: 'vectors' },
      },
    );
  const names = new Vocabulary(rows.map((row) => items.nameOf(row)));
  const values: Record<string, (Float32Array | null)[]> = {};
  const without: Record<string, number> = {};
  for (const { name, dimensions, normalize, missing } of wanted) {
    values[name] = rows.map(() => null);
    without[name] = rows.length;
    if (!Object.hasOwn(given, name)) continue;
    const trained = recipe.data.features.vectors[name];
    const file = { ...sameForm(trained, given[name]), ...given[name], normalize, missing };
    const side = { what: 'item', names: items, ids: items, skipped } as const;
    const { vectors, ids } = await readSideVectors(side, file, '.');
    if (vectors.cols !== dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${basename(file.file)} has vectors of ${vectors.cols} dimensions, ${name} was trained with ${dimensions}`,
        { hint: 'encode new items as the trained ones were', details: { file: file.file } },
      );
    const matched = matchRows(names, ids, 'item', basename(file.file));
    values[name] = Array.from(matched.rows, (row) => (row < 0 ? null : vectors.row(row)));
    without[name] = matched.without;
  }
  return { values, without };
}

/** What names the parts of a file, of one in the same format. */
function sameForm(trained: WantedVector | undefined, { file }: NewVectorFile): Partial<NewVectorFile> {
  if (!trained || extname(trained.file).toLowerCase() !== extname(file).toLowerCase()) return {};
  const { idColumn, column, tensor } = trained;
  return { idColumn, column, tensor };
}
