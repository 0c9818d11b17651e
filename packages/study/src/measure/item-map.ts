import { itemPlane, kindColumns, type OpenArtifact } from '@towerkit/recommend';

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
  const plane = itemPlane(engine.ranker, shown);
  if (!plane) return undefined;
  const column = kindColumns(catalog, shown)[0]?.name;
  const names = column === undefined ? undefined : shown.map((item) => textOf(catalog[column][item]));
  const kept = new Set(names && commonest(names));
  return {
    points: shown.map((item, row) => ({
      x: plane.coordinates[row * 2],
      y: plane.coordinates[row * 2 + 1],
      title: titles?.[item] ?? items.nameOf(item),
      group: names && kept.has(names[row]) ? names[row] : OTHERS,
    })),
    shown: plane.shown,
    ...(column !== undefined && { column }),
  };
}

const textOf = (value: unknown) =>
  value === null || value === undefined || value === '' ? OTHERS : String(value);

function commonest(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== OTHERS) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, GROUPS)
    .map(([name]) => name);
}
