import type { Matrix } from '@towerkit/core';
import type { Filter } from '@towerkit/retrieval';

import type { Contender } from './contender.js';

/** Microseconds of single queries. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Times each query by itself, after some that are not counted; queries are converted before. */
export async function times(
  contender: Contender,
  queries: Matrix,
  k: number,
  filters?: readonly Filter[],
): Promise<number[]> {
  const prepared = Array.from({ length: queries.rows }, (_, q) => contender.prepare(queries.row(q)));
  const filterOf = (q: number) => filters?.[q % filters.length];
  for (let q = 0; q < Math.min(200, queries.rows); q++) await contender.search(prepared[q], k, filterOf(q));
  const out: number[] = [];
  for (let q = 0; q < queries.rows; q++) {
    const start = performance.now();
    await contender.search(prepared[q], k, filterOf(q));
    out.push(1000 * (performance.now() - start));
  }
  return out;
}

/** The middle and the slowest hundredth. */
export function latency(microseconds: readonly number[]): Latency {
  const sorted = [...microseconds].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p99: at(0.99) };
}

/** The share of the wanted that is found. */
export async function recallOf(
  contender: Contender,
  queries: Matrix,
  k: number,
  wanted: readonly ArrayLike<number>[],
): Promise<number> {
  let hits = 0;
  let all = 0;
  for (let q = 0; q < queries.rows; q++) {
    const found = new Set(Array.from(await contender.search(contender.prepare(queries.row(q)), k)));
    hits += Array.from(wanted[q]).filter((id) => found.has(id)).length;
    all += wanted[q].length;
  }
  return hits / all;
}

/** The quickest of a contender's values that reaches a recall on the tuning queries; it is then set. */
export async function tuned(
  contender: Contender,
  queries: Matrix,
  k: number,
  wanted: readonly ArrayLike<number>[],
  target: number,
): Promise<number | undefined> {
  for (const value of contender.values ?? []) {
    await contender.set!(value);
    if (contender.values!.at(-1) === value || (await recallOf(contender, queries, k, wanted)) >= target)
      return value;
  }
  return undefined;
}
