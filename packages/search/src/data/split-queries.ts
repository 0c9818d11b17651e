import { Rng } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { tokensOf } from '../words/tokens.js';

/** Queries of each part, by their row, ascending. */
export interface QuerySplit {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

/** What a query is whatever way it is spelled: its words in the order of the alphabet. */
export const spellingKey = (query: string): string => {
  const tokens = tokensOf(query);
  return tokens.length === 0 ? query : tokens.sort().join(' ');
};

/**
 * Splits queries at random, whole: no query stands in two parts, nor does it in another spelling (plural, unit, order of words,
 * capitals).
 *
 * @param shares of the queries, about
 * @throws TowerkitError `EMPTY_SPLIT` where a part would have no query
 */
export function splitQueries(
  queries: readonly string[],
  shares: { readonly test: number; readonly validation: number },
  seed: number,
): QuerySplit {
  const groups = new Map<string, number[]>();
  queries.forEach((query, row) => {
    const key = spellingKey(query);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  });
  const drawn = new Rng(seed).fork('queries').shuffle([...groups.values()]);
  const test = Math.round(drawn.length * shares.test);
  const validation = Math.round(drawn.length * shares.validation);
  const part = (from: number, to: number) => Int32Array.from(drawn.slice(from, to).flat()).sort();
  const split = {
    test: part(0, test),
    validation: part(test, test + validation),
    train: part(test + validation, drawn.length),
  };
  const empty = Object.entries(split).find(([, rows]) => rows.length === 0);
  if (empty)
    throw new TowerkitError(
      'EMPTY_SPLIT',
      `of ${drawn.length} queries none is left for the part "${empty[0]}"`,
      { hint: 'give more judgments, or other shares in search.heldBack' },
    );
  return split;
}
