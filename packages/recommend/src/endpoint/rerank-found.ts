import type { Artifact } from '@towerkit/artifact';
import { isTowerkitError } from '@towerkit/core';

import type { Found } from '../engine/question.js';
import type { HttpReranker } from './http-reranker.js';

/** A list as it came or ranked again. */
export interface Reranked {
  readonly found: Found;
  /** Whether it was ranked; with the code of what went wrong where it was not. */
  readonly result: 'ranked' | 'not asked' | 'BAD_ANSWER' | 'TIMEOUT' | 'UNAVAILABLE';
}

/** What a list was found for. */
export interface RerankQuestion {
  /** Candidates, best first. */
  readonly found: Found;
  /** What was asked in words; without it the titles of the history stand for the question. */
  readonly text?: string;
  /** Dense ids, oldest first. */
  readonly history: readonly number[];
  /** Columns of the catalog that the endpoint is told of an item. */
  readonly columns: readonly string[];
  readonly k: number;
}

/** Items of a history whose titles stand for it, the newest. */
const NEWEST = 10;

/**
 * The first k of a list, ranked again by an endpoint; as they came where it fails, which the answer says. It is not asked where
 * there is neither a text nor a title of the history. Items that it leaves out follow in the order they came in, with the lowest
 * score.
 *
 * @param catalog columns by name, [items] each
 */
export async function rerankFound(
  reranker: Pick<HttpReranker, 'rank'>,
  { items, catalog }: Pick<Artifact, 'items' | 'catalog'>,
  { found, text, history, columns, k }: RerankQuestion,
): Promise<Reranked> {
  const told = (item: number, names: readonly string[]) =>
    names.flatMap((name) => catalog[name]?.[item] ?? []).join('\n');
  const newest = history.slice(-NEWEST).toReversed();
  const query = text ?? newest.flatMap((item) => told(item, ['title']) || []).join('; ');
  const documents = found.items.map((item) => told(item, columns) || items.nameOf(item));
  const all = found.items.map((_, place) => place);
  try {
    if (query === '' || documents.length === 0)
      return { found: pick(found, all.slice(0, k)), result: 'not asked' };
    const scored = await reranker.rank(query, documents, k);
    const named = new Set(scored.map(({ index }) => index));
    const lowest = scored.at(-1)?.score ?? 0;
    const left = all.filter((place) => !named.has(place)).map((index) => ({ index, score: lowest }));
    const order = [...scored, ...left].slice(0, k);
    const places = order.map(({ index }) => index);
    return {
      found: {
        ...pick(found, places),
        scores: order.map(({ score }) => score),
        source: `${found.source}+endpoint`,
      },
      result: 'ranked',
    };
  } catch (error) {
    for (const code of ['BAD_ANSWER', 'TIMEOUT', 'UNAVAILABLE'] as const)
      if (isTowerkitError(error, code)) return { found: pick(found, all.slice(0, k)), result: code };
    throw error;
  }
}

/** Some of a list, in this order. */
function pick({ items, scores, ratings, reasons, gates, reviews, ...rest }: Found, places: number[]): Found {
  const of = <T>(list: readonly T[]): T[] => places.map((place) => list[place]);
  return {
    ...rest,
    items: of(items),
    scores: of(scores),
    ...(ratings && { ratings: of(ratings) }),
    ...(reasons && { reasons: of(reasons) }),
    ...(gates && { gates: { ...gates, ...(gates.items && { items: of(gates.items) }) } }),
    ...(reviews && { reviews: of(reviews) }),
  };
}
