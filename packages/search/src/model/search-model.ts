import { badOption, requireCount, topK, type Matrix } from '@towerkit/core';
import { dot, isZero } from '@towerkit/recommend';
import { createIndex, type VectorIndex } from '@towerkit/retrieval';

import { TowerkitError } from '../errors.js';
import { Bm25, type Bm25Options, type LexicalScores } from '../lexical/bm25.js';
import type { SearchTower } from '../tower/search-tower.js';
import { toLengthOne } from '../tower/bag-tower.js';
import { tokensOf } from '../words/tokens.js';

/** What ranks: words alone, vectors alone, or both. */
export const RANKINGS = ['hybrid', 'tower', 'bm25'] as const;
/** Name of what ranks. */
export type Ranking = (typeof RANKINGS)[number];

/** The parts of a {@link SearchModel}. */
export interface SearchParts {
  /** Text of each product, as the towers and BM25 read it; empty for a product of which nothing is known. */
  readonly texts: readonly string[];
  /** Turns a query into a vector. */
  readonly tower: SearchTower;
  /** Of the products, shape [products, dimensions], each of length 1 at most. */
  readonly vectors: Matrix;
  readonly lexical: Bm25Options;
  /** What a cosine of the towers counts beside BM25 at a query length of 1, 0 or more. */
  readonly weight: number;
}

/** A product found, with the scores it comes from. */
export interface SearchHit {
  /** Dense id. */
  readonly item: number;
  /** What the list is sorted by. */
  readonly score: number;
  /** By BM25; 0 for a product without a word of the query. */
  readonly lexical: number;
  /** Cosine of the vectors of query and product; 0 where words alone rank. */
  readonly tower: number;
}

/** Options of {@link SearchModel.search}. */
export interface SearchOptions {
  /** Default `hybrid`. */
  readonly by?: Ranking;
  /** Only these products, by dense id. */
  readonly allow?: ArrayLike<number>;
  /**
   * Items that the one who asks had, by dense id: of the candidates, those like them come sooner. None by
   * default.
   */
  readonly history?: ArrayLike<number>;
  /** What a cosine with the history counts beside the rest. Default .5. */
  readonly personal?: number;
}

/** Words of a query that are read. */
const MOST_WORDS = 256;

/** Candidates that each side gives, at least. */
const CANDIDATES = 200;

/**
 * Finds products by a text. Both sides score the whole catalog: BM25 by an inverted index, the towers by an index of vectors.
 * The best of each are scored by the other as well and sorted by
 *
 *     BM25 / |q| + weight * cosine
 *
 * where |q| is the length of the query, sqrt(sum of idf^2) of its words: a sum over words beside a cosine would count for more the
 * more words there are.
 */
export class SearchModel {
  private constructor(
    readonly parts: SearchParts,
    readonly lexical: Bm25,
    readonly index: VectorIndex,
  ) {}

  /**
   * @param options.threads of the index
   * @throws TowerkitError `SHAPE_MISMATCH`; `BAD_OPTION`
   */
  static async of(parts: SearchParts, { threads }: { threads?: number } = {}): Promise<SearchModel> {
    const { texts, vectors, lexical, tower, weight } = parts;
    if (vectors.rows !== texts.length || vectors.cols !== tower.dimensions)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `${texts.length} products and a tower of ${tower.dimensions} do not go with vectors of ${vectors.rows} x ${vectors.cols}`,
      );
    if (!(weight >= 0 && weight < Infinity)) throw badOption('weight', weight, 'must be a number from 0 on');
    const words = new Bm25(texts.map(tokensOf), lexical);
    const index = await createIndex('exact', { dimensions: vectors.cols, threads });
    await index.build(vectors);
    return new SearchModel(parts, words, index);
  }

  /** Number of products. */
  get size(): number {
    return this.parts.texts.length;
  }

  /**
   * The best k products for a text, best first; fewer where fewer have anything to do with it.
   *
   * @param query a text with a word or number in it, of which the first 256 are read
   * @param k how many. Default 10
   * @throws TowerkitError `EMPTY_TEXT` for a text without a word or number; `BAD_OPTION`
   */
  async search(query: string, k = 10, options: SearchOptions = {}): Promise<SearchHit[]> {
    const { by = 'hybrid', allow, history = [], personal = 0.5 } = options;
    requireCount('k', k);
    if (!(personal >= 0 && personal < Infinity))
      throw badOption('personal', personal, 'must be a number from 0 on');
    if (!RANKINGS.includes(by)) throw badOption('by', by, `must be one of ${RANKINGS.join(', ')}`);
    const tokens = tokensOf(query).slice(0, MOST_WORDS);
    if (tokens.length === 0)
      throw new TowerkitError('EMPTY_TEXT', 'the query has no word or number in it', {
        hint: 'say what is looked for',
      });
    const vector = by === 'bm25' ? NO_VECTOR : await this.#encode(query, tokens);
    const wanted = Math.max(CANDIDATES, 2 * k);
    const near = by === 'bm25' ? NOTHING : await this.#nearest(vector, wanted, allow);
    // From here on nothing waits: the scores of BM25 are good until its next query.
    const words = this.lexical.score(tokens);
    const candidates = new Set(near);
    if (by !== 'tower') for (const item of bestWords(words, wanted, allow)) candidates.add(item);
    const score = this.#fusion(by, tokens);
    const liked = this.#liking(history, personal);
    return Array.from(candidates, (item): SearchHit => {
      const lexical = words.scores[item];
      const tower = by === 'bm25' ? 0 : dot(vector, this.parts.vectors.row(item));
      return { item, score: score(lexical, tower) + liked(item), lexical, tower };
    })
      .filter(({ lexical, tower }) => lexical > 0 || tower > 0)
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, k);
  }

  /** Gives threads and memory back. */
  async close(): Promise<void> {
    await this.index.close();
    await this.parts.tower.parts.sentence?.encoder.dispose?.();
  }

  async #encode(query: string, tokens: readonly string[]): Promise<Float32Array> {
    return (await this.parts.tower.encode([query], [tokens])).row(0);
  }

  /** Nothing is near a vector of zeros: of a query of which no feature is known. */
  async #nearest(vector: Float32Array, k: number, allow?: ArrayLike<number>): Promise<Iterable<number>> {
    if (isZero(vector)) return NOTHING;
    return (await this.index.search(vector, k, allow && { filter: { allow } })).ids;
  }

  /** What the items of a history add to the score of a product. */
  #liking(history: ArrayLike<number>, personal: number): (item: number) => number {
    const { vectors } = this.parts;
    const mean = meanVector(vectors, history);
    if (personal === 0 || isZero(mean)) return () => 0;
    return (item) => personal * dot(mean, vectors.row(item));
  }

  #fusion(by: Ranking, tokens: readonly string[]): (lexical: number, tower: number) => number {
    if (by === 'bm25') return (lexical) => lexical;
    if (by === 'tower') return (_, tower) => tower;
    const { weight } = this.parts;
    const factor = 1 / (this.lexical.lengthOf(tokens) || 1);
    return (lexical, tower) => factor * lexical + weight * tower;
  }
}

/** The mean of the vectors of items at a length of 1; zeros for none, and for items that are not there. */
function meanVector(vectors: Matrix, items: ArrayLike<number>): Float32Array {
  const sum = new Float32Array(vectors.cols);
  for (let at = 0; at < items.length; at++)
    if (items[at] >= 0 && items[at] < vectors.rows)
      vectors.row(items[at]).forEach((value, d) => (sum[d] += value));
  return toLengthOne(sum);
}

const NOTHING: number[] = [];
const NO_VECTOR = new Float32Array(0);

/** The best products by their words, in no order. */
function bestWords(
  { scores, found, count }: LexicalScores,
  k: number,
  allow?: ArrayLike<number>,
): Iterable<number> {
  const allowed = allow && new Uint8Array(scores.length);
  for (let at = 0; at < (allow?.length ?? 0); at++) allowed![allow![at]] = 1;
  const candidates = found.slice(0, count).filter((item) => !allowed || allowed[item] === 1);
  if (candidates.length <= k) return candidates;
  const { items } = topK(
    Float32Array.from(candidates, (item) => scores[item]),
    k,
  );
  return Array.from(items, (place) => candidates[place]);
}
