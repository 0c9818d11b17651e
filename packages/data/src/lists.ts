import { Matrix, requireCount } from '@towerkit/core';

import { byCount } from './categorical.js';

/** How lists of names in the cells of a column become rows of numbers; plain JSON, so that it can be saved with a model. */
export interface ListEncoding {
  readonly kind: 'list';
  /** Names of the columns: [names]. */
  readonly names: readonly string[];
  /** What stands between two names of a cell. */
  readonly separator: string;
  /** Whether a row adds up to 1 (`mean`), or each of its names is 1 (`sum`). */
  readonly pool: 'mean' | 'sum';
}

/** Names of a cell, each once; none of a missing one. A cell may also be a list as JSON writes it: `["a","b"]`. */
export function namesIn(cell: unknown, separator: string): string[] {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return [];
  const text = String(cell).trim();
  const names = fromJson(text) ?? text.split(separator);
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}

function fromJson(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((name) => name !== null).map(String) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Learns the names that lists in a column hold, by falling count, then by name.
 *
 * @param options.minCount rarer names are left out; default 1
 * @param options.most names at most, the most frequent; default 256, for a row has a number for each
 * @param options.rows rows to learn from, such as the items seen in training; default all
 * @throws TowerkitError `BAD_OPTION`
 */
export function fitList(
  values: ArrayLike<unknown>,
  {
    separator = '|',
    pool = 'mean',
    minCount = 1,
    most = 256,
    rows,
  }: Partial<Pick<ListEncoding, 'separator' | 'pool'>> & {
    minCount?: number;
    most?: number;
    rows?: ArrayLike<number>;
  } = {},
): ListEncoding {
  requireCount('minCount', minCount);
  requireCount('most', most);
  const counts = new Map<string, number>();
  const length = rows?.length ?? values.length;
  for (let k = 0; k < length; k++)
    for (const name of namesIn(values[rows ? rows[k] : k], separator))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return { kind: 'list', names: byCount(counts, minCount).slice(0, most), separator, pool };
}

/** Rows of a column, [values.length, names]: zeros where no name is known. */
export function encodeList(values: ArrayLike<unknown>, { names, separator, pool }: ListEncoding): Matrix {
  const places = new Map(names.map((name, place) => [name, place]));
  const out = new Matrix(values.length, names.length);
  for (let row = 0; row < values.length; row++) {
    const known = namesIn(values[row], separator).flatMap((name) => places.get(name) ?? []);
    const value = pool === 'mean' ? 1 / known.length : 1;
    for (const place of known) out.data[row * names.length + place] = value;
  }
  return out;
}

/** Names that an encoding does not know, with how many rows have each. */
export function unseenNames(values: ArrayLike<unknown>, encoding: ListEncoding): Map<string, number> {
  const known = new Set(encoding.names);
  const unseen = new Map<string, number>();
  for (let row = 0; row < values.length; row++)
    for (const name of namesIn(values[row], encoding.separator))
      if (!known.has(name)) unseen.set(name, (unseen.get(name) ?? 0) + 1);
  return unseen;
}
