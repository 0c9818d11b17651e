import { CsrMatrix, type Matrix, type Rng } from '@towerkit/core';

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
  /** Rows of the table before those that queries read; 0 where both sides share them. */
  readonly queryRows: number;
}

/** What examples are told apart from. */
export interface Negatives {
  /** Hard negatives of each query, by its row. */
  readonly hard: readonly Int32Array[];
  /** Of each product, from `samplingOffsets`. */
  readonly offsets: Float32Array;
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
 * the products in proportion to their gains, those below .45 not at all: they are known negatives. Products that are
 * candidates often are negatives often, which the offsets take off.
 *
 * @param rows of the examples
 */
export function judgedBatch(
  { queries: bags, products: { rows: catalog }, examples, judged }: TowerTraining,
  { hard, offsets: ofProduct }: Negatives,
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
  const often = Float32Array.from(products, (product) => ofProduct[product]);
  for (let at = 0; at < size; at++) {
    const start = at * width;
    offsets.set(often, start);
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
  { titles, features, queryRows }: Pick<TowerTraining, 'titles' | 'features' | 'queryRows'>,
  rows: Int32Array,
  rng: Rng,
): Batch {
  const size = rows.length;
  const targets = new Float32Array(size * size);
  for (let at = 0; at < size; at++) targets[at * size + at] = 1;
  return {
    bags: fromRow(
      queryRows,
      titleQueries(
        Array.from(rows, (product) => titles[product]),
        features,
        rng,
      ),
    ),
    queries: Int32Array.from(rows.keys()),
    products: rows,
    targets,
    offsets: new Float32Array(size * size),
    weights: new Float32Array(size).fill(1),
  };
}

/** Bags that read the rows of a table from `first` on. */
export const fromRow = (first: number, bags: CsrMatrix): CsrMatrix =>
  first === 0
    ? bags
    : new CsrMatrix(
        bags.rows,
        first + bags.cols,
        bags.indptr,
        bags.indices.map((row) => first + row),
        bags.values,
      );
