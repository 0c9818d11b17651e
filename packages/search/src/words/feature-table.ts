import { CsrMatrix } from '@towerkit/core';

import { countFeatures } from './count-features.js';
import { MOST_WORDS, ngramFeatures, pairFeature, wordFeature, type FeatureOptions } from './word-features.js';

/** Words that are kept taken apart. */
const MOST_KEPT = 100_000;

/** Rows of a word: its own (-1 where it is not known), and those of its n-grams, each of the same weight. */
interface WordRows {
  readonly word: number;
  readonly grams: readonly number[];
  readonly weight: number;
}

/** The features that a tower knows, each with a row of its table. A feature that it does not know is not read. */
export class FeatureTable {
  readonly #rows: ReadonlyMap<string, number>;
  readonly #words = new Map<string, WordRows>();
  /** Weight of each feature in the text that is read, zeros between two. */
  readonly #weights: Float32Array;

  /** @param names of the features, in the order of their rows */
  constructor(
    readonly names: readonly string[],
    readonly options: FeatureOptions,
  ) {
    this.#rows = new Map(names.map((name, row) => [name, row]));
    this.#weights = new Float32Array(names.length);
  }

  /**
   * The features that stand in enough texts, of titles and of queries together.
   *
   * @param titles tokens of each
   * @param queries of training, tokens of each: their words need not stand in any title
   * @param minCount fewest texts that a feature must stand in
   * @param inputs features of products that no text has, last in the table
   * @returns also in how many titles each stands, shape [features]
   */
  static fit(
    titles: readonly (readonly string[])[],
    queries: readonly (readonly string[])[],
    options: FeatureOptions,
    minCount: number,
    inputs: readonly string[] = [],
  ): { readonly table: FeatureTable; readonly counts: Int32Array } {
    const inTitles = countFeatures(titles, options);
    const inQueries = countFeatures(queries, options);
    const all = new Set([...inTitles.keys(), ...inQueries.keys()]);
    const of = (name: string) => (inTitles.get(name) ?? 0) + (inQueries.get(name) ?? 0);
    const names = [...[...all].filter((name) => of(name) >= minCount), ...inputs];
    return {
      table: new FeatureTable(names, options),
      counts: Int32Array.from(names, (name) => inTitles.get(name) ?? 0),
    };
  }

  /** Number of features. */
  get size(): number {
    return this.names.length;
  }

  /**
   * Rows and weights of the known features of a text: its words (`w`), pairs of words that follow each other (`p`), and the
   * character n-grams of the words (`g`), by which typos, compounds and model numbers meet. A word or pair counts once however
   * often it stands; the n-grams of a word of n of them weigh ngramWeight / sqrt(n) each.
   *
   * @param tokens of the text, the first 256 are read
   */
  read(tokens: readonly string[]): { readonly rows: number[]; readonly weights: number[] } {
    const rows: number[] = [];
    const weights = this.#weights;
    const add = (row: number, weight: number) => {
      if (weights[row] === 0) rows.push(row);
      weights[row] += weight;
    };
    const once = (row: number | undefined) => {
      if (row !== undefined && row >= 0 && weights[row] === 0) add(row, 1);
    };
    const count = Math.min(tokens.length, MOST_WORDS);
    for (let at = 0; at < count; at++) {
      const { word, grams, weight } = this.#rowsOf(tokens[at]);
      once(word);
      if (this.options.pairs && at > 0) once(this.#rows.get(pairFeature(tokens[at - 1], tokens[at])));
      for (const gram of grams) add(gram, weight);
    }
    const read = { rows, weights: rows.map((row) => weights[row]) };
    for (const row of rows) weights[row] = 0;
    return read;
  }

  /**
   * The known features of many texts, texts x features, with their weights as values.
   *
   * @param inputs names of more features of each, which weigh 1
   */
  bags(texts: readonly (readonly string[])[], inputs?: readonly (readonly string[])[]): CsrMatrix {
    const all = texts.map((tokens, text) => {
      const read = this.read(tokens);
      for (const name of new Set(inputs?.[text])) {
        const row = this.#rows.get(name);
        if (row === undefined) continue;
        read.rows.push(row);
        read.weights.push(1);
      }
      return read;
    });
    const indptr = new Int32Array(texts.length + 1);
    all.forEach(({ rows }, text) => (indptr[text + 1] = indptr[text] + rows.length));
    const indices = new Int32Array(indptr[texts.length]);
    const values = new Float32Array(indices.length);
    all.forEach(({ rows, weights }, text) => {
      indices.set(rows, indptr[text]);
      values.set(weights, indptr[text]);
    });
    return new CsrMatrix(texts.length, this.size, indptr, indices, values);
  }

  #rowsOf(token: string): WordRows {
    const known = this.#words.get(token);
    if (known) return known;
    const grams = ngramFeatures(token, this.options.ngrams);
    const own: WordRows = {
      word: this.#rows.get(wordFeature(token)) ?? -1,
      grams: grams.flatMap((gram) => this.#rows.get(gram) ?? []),
      weight: this.options.ngramWeight / Math.sqrt(Math.max(1, grams.length)),
    };
    // Words of queries come from outside and are without end.
    if (this.#words.size < MOST_KEPT) this.#words.set(token, own);
    return own;
  }
}
