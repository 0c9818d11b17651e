import type { CsrMatrix, Matrix, Rng } from '@towerkit/core';

import type { FeatureTable } from '../words/feature-table.js';
import { LEAST_GAIN, type Examples } from './examples.js';
import { titleQueries } from './title-queries.js';

/** Logit of a pair that says nothing. */
const MASKED = -1e9;

/** What towers are trained on. */
export interface TowerTraining {
  readonly features: FeatureTable;
  /** Bags of the queries and of the products. */
  readonly queries: CsrMatrix;
  readonly products: CsrMatrix;
  /** Frozen sentence vectors of queries and products, where towers read them. */
  readonly sentences?: { readonly queries: Matrix; readonly products: Matrix };
  /** Tokens of the products. */
  readonly titles: readonly (readonly string[])[];
  readonly examples: Examples;
  /** Gains of the products judged for each query, by dense id. */
  readonly judged: readonly ReadonlyMap<number, number>[];
  /** Examples of each product. */
  readonly popularity: Int32Array;
}

/** Queries and products of a step, by their rows, and what each query means. */
export interface Batch {
  /** Bags of the queries, and which of them. */
  readonly bags: CsrMatrix;
  readonly queries: Int32Array;
  readonly products: Int32Array;
  /** [queries * products] each. */
  readonly targets: Float32Array;
  readonly offsets: Float32Array;
  readonly weights: Float32Array;
}

/**
 * Examples of judgments with, for each, a hard negative and another product that was judged for its query. A query means
 * the products in proportion to their gains, those below .45 not at all: they are known negatives. Products that stand in many
 * examples are negatives often: the log of that is taken off (Yi et al. 2019).
 *
 * @param rows of the examples
 * @param hard negatives of each query, by its row
 */
export function judgedBatch(
  { queries: bags, products: { rows: catalog }, examples, judged, popularity }: TowerTraining,
  hard: readonly Int32Array[],
  rows: Int32Array,
  rng: Rng,
): Batch {
  const size = rows.length;
  const queries = rows.map((row) => examples.query[row]);
  const products = new Int32Array(3 * size);
  rows.forEach((row, at) => {
    const query = queries[at];
    const against = hard[query];
    const others = [...judged[query].keys()];
    products[at] = examples.product[row];
    products[size + at] = against.length > 0 ? against[rng.integer(against.length)] : rng.integer(catalog);
    products[2 * size + at] = others[rng.integer(others.length)];
  });
  const columns = new Map<number, number[]>();
  products.forEach((product, column) => {
    const same = columns.get(product);
    if (same) same.push(column);
    else columns.set(product, [column]);
  });
  const width = products.length;
  const [targets, offsets] = [new Float32Array(size * width), new Float32Array(size * width)];
  const mean = examples.product.length / catalog;
  const often = products.map((product) => popularity[product]);
  for (let at = 0; at < size; at++) {
    const start = at * width;
    for (let column = 0; column < width; column++)
      offsets[start + column] = -Math.log(Math.max(1, often[column] / Math.max(1, mean)));
    let total = 0;
    for (const [product, gain] of judged[queries[at]]) {
      const [first, ...repeats] = columns.get(product) ?? [];
      if (first === undefined) continue;
      // A product that stands in the batch several times is one candidate.
      for (const column of repeats) offsets[start + column] = MASKED;
      if (gain < LEAST_GAIN) continue;
      targets[start + first] = gain;
      total += gain;
    }
    for (let column = 0; column < width; column++) targets[start + column] /= total;
  }
  const weights = Float32Array.from(rows, (row) => examples.weight[row]);
  return { bags, queries, products, targets, offsets, weights };
}

/** Words of titles as queries, each of which means the title that they are from. @param rows of the products */
export function titleBatch(
  { titles, features }: Pick<TowerTraining, 'titles' | 'features'>,
  rows: Int32Array,
  rng: Rng,
): Batch {
  const size = rows.length;
  const targets = new Float32Array(size * size);
  for (let at = 0; at < size; at++) targets[at * size + at] = 1;
  return {
    bags: titleQueries(
      Array.from(rows, (product) => titles[product]),
      features,
      rng,
    ),
    queries: Int32Array.from(rows.keys()),
    products: rows,
    targets,
    offsets: new Float32Array(size * size),
    weights: new Float32Array(size).fill(1),
  };
}
