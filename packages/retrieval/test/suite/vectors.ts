import { Matrix, Rng } from '@towerkit/core';

/** Vectors around seeded centers, as item vectors are: neither random nor all alike. */
export function clustered(rows: number, cols: number, seed = 1, clusters = 50): Matrix {
  const rng = new Rng(7);
  const centers = Float32Array.from({ length: clusters * cols }, () => rng.normal());
  const draws = new Rng(seed);
  const out = new Matrix(rows, cols);
  for (let row = 0; row < rows; row++) {
    const from = draws.integer(clusters) * cols;
    const vector = out.row(row);
    for (let i = 0; i < cols; i++) vector[i] = (centers[from + i] + 0.7 * draws.normal()) / Math.sqrt(cols);
  }
  return out;
}

/** What the oracle knows of an item. */
export interface Item {
  readonly id: number;
  readonly vector: Float32Array;
  readonly category: string;
  readonly price: number;
  readonly brand: string | null;
}

/** Ids that are neither dense nor in order, and attributes, for vectors. */
export const itemsOf = (vectors: Matrix, firstId = 5): Item[] =>
  Array.from({ length: vectors.rows }, (_, row) => ({
    id: firstId + ((row * 7_919) % vectors.rows) * 3,
    vector: vectors.row(row).slice(),
    category: ['rpg', 'race', 'puzzle'][row % 3],
    price: (row * 37) % 1_000,
    brand: row % 10 === 0 ? null : `brand ${row % 4}`,
  }));

/** Items as an index takes them. */
export const columnsOf = (items: readonly Item[]) => ({
  vectors: new Matrix(
    items.length,
    items[0].vector.length,
    Float32Array.from(items.flatMap(({ vector }) => [...vector])),
  ),
  ids: items.map(({ id }) => id),
  attributes: {
    category: items.map(({ category }) => category),
    price: items.map(({ price }) => price),
    brand: items.map(({ brand }) => brand),
  },
});

/** Every score in float64, best first; equal ones by id. */
export function ranked(
  items: readonly Item[],
  query: Float32Array,
  cosine = false,
): { id: number; score: number }[] {
  const norm = (vector: Float32Array) => Math.hypot(...vector) || 1;
  return items
    .map(({ id, vector }) => {
      let score = 0;
      for (let i = 0; i < query.length; i++) score += vector[i] * query[i];
      return { id, score: cosine ? score / norm(vector) / norm(query) : score };
    })
    .sort((a, b) => b.score - a.score || a.id - b.id);
}
