import { Matrix, type Rng } from '@towerkit/core';

import { evaluator } from '../../src/filter/evaluate.js';
import { parsePredicate } from '../../src/filter/predicate.js';
import type { Attributes, AttributeValue, Filter, Metric } from '../../src/index.js';

/** Seeded vectors, not normalized. */
export function randomVectors(rng: Rng, rows: number, cols: number): Matrix {
  return new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );
}

/** Attributes of every type, mixed in one column, with nulls. */
export function randomAttributes(rng: Rng, rows: number): Attributes {
  const pick = (values: readonly AttributeValue[]) =>
    Array.from({ length: rows }, () => values[rng.integer(values.length)]);
  return {
    kind: pick(['rpg', 'puzzle', 'race', null]),
    price: pick([0, 1, 5.5, 19.99, -3, 1e21, null]),
    'mi"xed \\ na\'me': pick([1, '1', true, false, null, 'true', 0, '', 'it\'s "so" \\ %_']),
    word: pick(['a', 'B', 'é', '', 'zz', 'Z', 7]),
  };
}

/** The k best ids by a plain loop in float64, ties by id. */
export function naiveSearch(
  { vectors, ids, attributes = {} }: { vectors: Matrix; ids: ArrayLike<number>; attributes?: Attributes },
  query: Float32Array,
  k: number,
  metric: Metric,
  { allow, deny, where }: Filter = {},
): number[] {
  const allowed = allow && new Set(Array.from(allow));
  const denied = new Set(Array.from(deny ?? []));
  const meets = where ? evaluator(parsePredicate(where, Object.keys(attributes)), attributes) : () => true;
  const norm = (v: Float32Array) => (metric === 'ip' ? 1 : Math.hypot(...v) || 1);
  return Array.from(ids, (id, row) => ({ id, row }))
    .filter(({ id, row }) => (!allowed || allowed.has(id)) && !denied.has(id) && meets(row))
    .map(({ id, row }) => {
      const vector = vectors.row(row);
      const dot = vector.reduce((sum, value, i) => sum + value * query[i], 0);
      return { id, score: dot / norm(vector) / norm(query) };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, k)
    .map(({ id }) => id);
}

/** A random predicate over {@link randomAttributes}. */
export function randomPredicate(rng: Rng, depth = 2): Filter['where'] & object {
  const name = ['kind', 'price', 'mi"xed \\ na\'me', 'word'][rng.integer(4)];
  const values = [
    'rpg',
    'puzzle',
    null,
    0,
    1,
    5.5,
    true,
    false,
    '1',
    'true',
    '',
    'é',
    'Z',
    1e21,
    'it\'s "so" \\ %_',
  ];
  const any = () => values[rng.integer(values.length)];
  const ordered = () => [0, 5.5, -3, 1e21, 'B', 'a', 'é', ''][rng.integer(8)];
  const some = () => Array.from({ length: rng.integer(4) }, any);
  const parts = () => Array.from({ length: rng.integer(4) }, () => randomPredicate(rng, depth - 1));
  switch (depth === 0 ? rng.integer(6) : rng.integer(9)) {
    case 0:
      return { [name]: any() };
    case 1:
      return { [name]: { ne: any() } };
    case 2:
      return { [name]: { in: some() } };
    case 3:
      return { [name]: { nin: some() } };
    case 4:
      return { [name]: { lt: ordered() } };
    case 5:
      return { [name]: { gte: ordered(), ne: any() } };
    case 6:
      return { all: parts() };
    case 7:
      return { any: parts() };
    default:
      return { not: randomPredicate(rng, depth - 1) };
  }
}
