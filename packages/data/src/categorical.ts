import { requireCount } from '@towerkit/core';

/** How names of categories become codes; plain JSON, so that it can be saved with a model. */
export interface CategoricalEncoding {
  readonly kind: 'categorical';
  /** Name of each code; code 0 stands for missing, rare and never seen. */
  readonly names: readonly string[];
}

/**
 * Learns codes for the categories of a column: 1, 2, ... by falling count, then by name.
 *
 * @param values a column such as `table.array('category')`; null, undefined, NaN and '' are missing, others are
 *   taken as text
 * @param options.minCount rarer categories share code 0; default 1
 * @param options.rows rows to learn from, such as the items seen in training; default all
 * @throws TowerkitError `BAD_OPTION`
 */
export function fitCategorical(
  values: ArrayLike<unknown>,
  { minCount = 1, rows }: { minCount?: number; rows?: ArrayLike<number> } = {},
): CategoricalEncoding {
  requireCount('minCount', minCount);
  const counts = new Map<string, number>();
  const length = rows?.length ?? values.length;
  for (let k = 0; k < length; k++) {
    const name = nameOf(values[rows ? rows[k] : k]);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { kind: 'categorical', names: ['<unknown>', ...byCount(counts, minCount)] };
}

/** The names of at least that count: by falling count, then by name. */
export function byCount(counts: ReadonlyMap<string, number>, minCount: number): string[] {
  const kept = [...counts].filter(([, count]) => count >= minCount);
  kept.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return kept.map(([name]) => name);
}

/** Codes of a column, shape [values.length], each in [0, encoding.names.length). */
export function encodeCategorical(values: ArrayLike<unknown>, encoding: CategoricalEncoding): Int32Array {
  const codes = new Map<string, number>();
  for (let code = 1; code < encoding.names.length; code++) codes.set(encoding.names[code], code);
  const out = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const name = nameOf(values[row]);
    if (name !== undefined) out[row] = codes.get(name) ?? 0;
  }
  return out;
}

/** Values that an encoding has no code for, with how often each occurs; missing values are none. */
export function unseenCategories(
  values: ArrayLike<unknown>,
  encoding: CategoricalEncoding,
): Map<string, number> {
  const known = new Set(encoding.names.slice(1));
  const unseen = new Map<string, number>();
  for (let row = 0; row < values.length; row++) {
    const name = nameOf(values[row]);
    if (name !== undefined && !known.has(name)) unseen.set(name, (unseen.get(name) ?? 0) + 1);
  }
  return unseen;
}

const nameOf = (value: unknown) =>
  value == null || value === '' || Number.isNaN(value) ? undefined : String(value);
