import type { Judgments } from '../data/judgments.js';

/** Gain from which on a product is learned as one that is meant. */
export const LEAST_GAIN = 0.45;

/** What is learned from judgments; every array has an entry for each example. */
export interface Examples {
  /** Row of the query. */
  readonly query: Int32Array;
  /** Dense id of a product that is meant. */
  readonly product: Int32Array;
  /** Its gain: what the example counts. */
  readonly weight: Float32Array;
}

type Judged = Pick<Judgments, 'start' | 'products' | 'gains'>;

/** The examples of some queries: their products of a gain of .45 or more. */
export function examplesOf({ start, products, gains }: Judged, queries: ArrayLike<number>): Examples {
  const rows = Array.from(queries).flatMap((query) => {
    const own: [number, number][] = [];
    for (let row = start[query]; row < start[query + 1]; row++)
      if (products[row] >= 0 && gains[row] >= LEAST_GAIN) own.push([query, row]);
    return own;
  });
  return {
    query: Int32Array.from(rows, ([query]) => query),
    product: Int32Array.from(rows, ([, row]) => products[row]),
    weight: Float32Array.from(rows, ([, row]) => gains[row]),
  };
}

/** The gains of a query's judged products, by dense id. */
export function gainsOf({ start, products, gains }: Judged, query: number): Map<number, number> {
  const judged = new Map<number, number>();
  for (let row = start[query]; row < start[query + 1]; row++)
    if (products[row] >= 0) judged.set(products[row], gains[row]);
  return judged;
}
