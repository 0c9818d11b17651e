import { badOption } from '@towerkit/core';

/** Options of BM25. */
export interface Bm25Options {
  /** How soon further occurrences of a word in a text stop counting, 0 or more. Default 0.6. */
  readonly k1?: number;
  /** How much long texts are held against, from 0 to 1. Default 0.5. */
  readonly b?: number;
}

/** Texts with a word of a query, and their scores. */
export interface LexicalScores {
  /** Rows of the texts with a score above 0, in no order; only the first `count` hold one. */
  readonly found: Int32Array;
  readonly count: number;
  /** Score of each text, shape [texts]; 0 for those not found. Good until the next query. */
  readonly scores: Float32Array;
}

/**
 * BM25 over an inverted index (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", with the idf of Lucene,
 * which is never negative):
 *
 *     score(q, d) = sum over words w of q: log(1 + (n - n_w + .5) / (n_w + .5)) * f (k1 + 1) / (f + k1 (1 - b + b |d| / mean |d|))
 *
 * where f counts w in d, n_w the texts with w. A word that stands twice in the query counts twice.
 */
export class Bm25 {
  readonly #terms = new Map<string, number>();
  readonly #start: Int32Array;
  readonly #rows: Int32Array;
  readonly #impacts: Float32Array;
  readonly #idf: Float64Array;
  readonly #scores: Float32Array;
  readonly #found: Int32Array;
  #count = 0;

  /**
   * @param texts tokens of each
   * @throws TowerkitError `BAD_OPTION`
   */
  constructor(texts: readonly (readonly string[])[], { k1 = 0.6, b = 0.5 }: Bm25Options = {}) {
    if (!(k1 >= 0 && k1 < Infinity)) throw badOption('k1', k1, 'must be a number from 0 on');
    if (!(b >= 0 && b <= 1)) throw badOption('b', b, 'must be a number from 0 to 1');
    const sizes: number[] = [];
    const counted = texts.map((tokens) => {
      const counts = new Map<number, number>();
      for (const token of tokens) {
        let term = this.#terms.get(token);
        if (term === undefined) this.#terms.set(token, (term = sizes.push(0) - 1));
        if (!counts.has(term)) sizes[term]++;
        counts.set(term, (counts.get(term) ?? 0) + 1);
      }
      return counts;
    });
    this.#idf = Float64Array.from(sizes, (size) => idfOf(size, texts.length));
    this.#start = new Int32Array(sizes.length + 1);
    sizes.forEach((size, term) => (this.#start[term + 1] = this.#start[term] + size));
    this.#rows = new Int32Array(this.#start[sizes.length]);
    this.#impacts = new Float32Array(this.#rows.length);
    const mean = texts.reduce((sum, { length }) => sum + length, 0) / Math.max(1, texts.length) || 1;
    const next = this.#start.slice();
    counted.forEach((counts, row) => {
      const norm = k1 * (1 - b + (b * texts[row].length) / mean);
      for (const [term, count] of counts) {
        this.#rows[next[term]] = row;
        this.#impacts[next[term]++] = (this.#idf[term] * count * (k1 + 1)) / (count + norm);
      }
    });
    this.#scores = new Float32Array(texts.length);
    this.#found = new Int32Array(texts.length);
  }

  /** Number of texts. */
  get size(): number {
    return this.#scores.length;
  }

  /** Whether any text has this word. */
  has(token: string): boolean {
    return this.#terms.has(token);
  }

  /**
   * The length of a query: of the vector of the idf of its words, sqrt(sum of idf^2). Scores divided by it are alike for short and
   * long queries, as cosines are. A word that no text has counts as the rarest.
   *
   * @param query tokens
   * @returns 0 for a query without words
   */
  lengthOf(query: readonly string[]): number {
    let squares = 0;
    for (const token of query) {
      const term = this.#terms.get(token);
      squares += (term === undefined ? idfOf(0, this.size) : this.#idf[term]) ** 2;
    }
    return Math.sqrt(squares);
  }

  /** Scores of all texts for a query. Takes time by the texts that have its words. @param query tokens */
  score(query: readonly string[]): LexicalScores {
    const scores = this.#scores;
    const found = this.#found;
    for (let at = 0; at < this.#count; at++) scores[found[at]] = 0;
    this.#count = 0;
    for (const token of query) {
      const term = this.#terms.get(token);
      if (term === undefined) continue;
      for (let at = this.#start[term]; at < this.#start[term + 1]; at++) {
        const row = this.#rows[at];
        if (scores[row] === 0) found[this.#count++] = row;
        scores[row] += this.#impacts[at];
      }
    }
    return { found, count: this.#count, scores };
  }
}

/** idf of a word that stands in `size` of the texts, as Lucene has it. */
const idfOf = (size: number, texts: number): number => Math.log(1 + (texts - size + 0.5) / (size + 0.5));
