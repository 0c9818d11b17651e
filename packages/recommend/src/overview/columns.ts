/** Columns of a catalog by name, [items] each. */
type Catalog = Readonly<Record<string, ArrayLike<unknown>>>;

/** Columns that every artifact has, which tell items apart one by one. */
const OWN = ['id', 'title', 'training_count'];
/** Values of a column of kinds, at most. */
const KINDS = 60;

/** A column whose values say of what kind an item is, such as its category. */
export interface KindColumn {
  readonly name: string;
  /** Its values, those of the most items first. */
  readonly values: { readonly value: string; readonly items: number }[];
}

/** A column of numbers, and the least and the largest of them. */
export interface NumberColumn {
  readonly name: string;
  readonly least: number;
  readonly largest: number;
}

/**
 * Columns of text with so few values that each is one of many items, one called category or the like first.
 *
 * @param items dense ids of the items that are looked at
 */
export function kindColumns(catalog: Catalog, items: readonly number[]): KindColumn[] {
  const found = Object.keys(catalog).flatMap((name): KindColumn[] => {
    if (OWN.includes(name)) return [];
    const counts = new Map<string, number>();
    for (const item of items) {
      const value = catalog[name][item];
      if (typeof value !== 'string' || value === '') continue;
      counts.set(value, (counts.get(value) ?? 0) + 1);
      if (counts.size > KINDS) return [];
    }
    if (counts.size < 2 || counts.size > items.length / 2) return [];
    if ([...counts.keys()].every((value) => !Number.isNaN(Number(value)))) return []; // numbers that nothing reads as such
    const values = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return [{ name, values: values.map(([value, count]) => ({ value, items: count })) }];
  });
  const first = found.findIndex(({ name }) => /^(categor|genre|department|kind|type)/i.test(name));
  return first < 0 ? found : [found[first], ...found.filter((_, place) => place !== first)];
}

/** Columns of numbers that differ, but for coordinates. */
export function numberColumns(catalog: Catalog, items: readonly number[]): NumberColumn[] {
  return Object.keys(catalog).flatMap((name): NumberColumn[] => {
    if (OWN.includes(name) || /^(lat|lon|lng|long)(itude)?$/i.test(name)) return [];
    let [least, largest] = [Infinity, -Infinity];
    for (const item of items) {
      const value = catalog[name][item];
      if (value === null || value === undefined) continue;
      if (typeof value !== 'number') return [];
      if (!Number.isFinite(value)) continue;
      [least, largest] = [Math.min(least, value), Math.max(largest, value)];
    }
    return least < largest ? [{ name, least, largest }] : [];
  });
}
