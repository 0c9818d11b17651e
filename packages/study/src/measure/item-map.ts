import { isTowerkitError, Matrix, Rng } from '@towerkit/core';
import type { OpenArtifact } from '@towerkit/recommend';

import { principalComponents } from '../statistics/principal-components.js';

/** An item of the map. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
  readonly title: string;
  readonly group: string;
}

/** Items on a plane by the vectors of a model. */
export interface ItemMap {
  readonly points: readonly MapPoint[];
  /** Share of the variance that the plane shows. */
  readonly shown: number;
  /** Column of the catalog that the groups are of; absent where none fits. */
  readonly column?: string;
}

/** A colour for each of so many groups; the rest are one more. */
const GROUPS = 7;
const OTHERS = 'others';

/**
 * The most popular items on the plane of the first two principal components of their vectors.
 *
 * @param most items to show. Default 1500
 * @returns `undefined` for a model without item vectors
 */
export function itemMap(
  { engine, items, titles, catalog, counts }: OpenArtifact,
  most = 1500,
): ItemMap | undefined {
  const shown = Array.from(counts.keys())
    .filter((item) => counts[item] > 0)
    .sort((a, b) => counts[b] - counts[a] || a - b)
    .slice(0, most);
  let vectors: Float32Array[];
  try {
    vectors = shown.map((item) => engine.ranker.vectorOf(item));
  } catch (error) {
    if (isTowerkitError(error, 'NO_VECTORS')) return undefined;
    throw error;
  }
  if (vectors.length < 3 || vectors[0].length < 2) return undefined;
  const matrix = new Matrix(vectors.length, vectors[0].length);
  vectors.forEach((vector, row) => matrix.data.set(vector, row * matrix.cols));
  const { coordinates, shares } = principalComponents(matrix, 2, new Rng(0));
  const column = groupColumn(catalog, shown);
  const names = column === undefined ? undefined : shown.map((item) => textOf(catalog[column][item]));
  const kept = new Set(names && commonest(names));
  return {
    points: shown.map((item, row) => ({
      x: coordinates.data[row * 2],
      y: coordinates.data[row * 2 + 1],
      title: titles?.[item] ?? items.nameOf(item),
      group: names && kept.has(names[row]) ? names[row] : OTHERS,
    })),
    shown: shares[0] + shares[1],
    ...(column !== undefined && { column }),
  };
}

const textOf = (value: unknown) =>
  value === null || value === undefined || value === '' ? OTHERS : String(value);

/** A column whose few values tell items apart: one called category or the like, else the first of text that does. */
function groupColumn(catalog: OpenArtifact['catalog'], shown: readonly number[]): string | undefined {
  const fits = Object.keys(catalog).filter((name) => {
    if (name === 'id' || name === 'title' || name === 'training_count') return false;
    const values = shown.map((item) => catalog[name][item]);
    const kinds = new Set(values.filter((value) => typeof value === 'string' && value !== ''));
    return kinds.size >= 2 && kinds.size <= Math.min(60, shown.length / 2);
  });
  return fits.find((name) => /categor|genre|department|kind|type/i.test(name)) ?? fits[0];
}

function commonest(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== OTHERS) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, GROUPS)
    .map(([name]) => name);
}
