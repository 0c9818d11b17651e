import { CsrMatrix } from '@towerkit/core';

import { featuresOf, type FeatureOptions } from './word-features.js';

/** The features that a tower knows, each with a row of its table. A feature that it does not know is not read. */
export class FeatureTable {
  readonly #rows: ReadonlyMap<string, number>;

  /** @param names of the features, in the order of their rows */
  constructor(
    readonly names: readonly string[],
    readonly options: FeatureOptions,
  ) {
    this.#rows = new Map(names.map((name, row) => [name, row]));
  }

  /**
   * The features that stand in enough texts, of titles and of queries together.
   *
   * @param titles tokens of each
   * @param queries of training, tokens of each: their words need not stand in any title
   * @param minCount fewest texts that a feature must stand in
   * @returns also in how many titles each stands, shape [features]
   */
  static fit(
    titles: readonly (readonly string[])[],
    queries: readonly (readonly string[])[],
    options: FeatureOptions,
    minCount: number,
  ): { readonly table: FeatureTable; readonly counts: Int32Array } {
    const inTitles = countsIn(titles, options);
    const inQueries = countsIn(queries, options);
    const all = new Set([...inTitles.keys(), ...inQueries.keys()]);
    const of = (name: string) => (inTitles.get(name) ?? 0) + (inQueries.get(name) ?? 0);
    const names = [...all].filter((name) => of(name) >= minCount);
    return {
      table: new FeatureTable(names, options),
      counts: Int32Array.from(names, (name) => inTitles.get(name) ?? 0),
    };
  }

  /** Number of features. */
  get size(): number {
    return this.names.length;
  }

  /** Rows and weights of the known features of a text. */
  read(tokens: readonly string[]): { readonly rows: number[]; readonly weights: number[] } {
    const rows: number[] = [];
    const weights: number[] = [];
    for (const [name, weight] of featuresOf(tokens, this.options)) {
      const row = this.#rows.get(name);
      if (row === undefined) continue;
      rows.push(row);
      weights.push(weight);
    }
    return { rows, weights };
  }

  /** The known features of many texts, texts x features, with their weights as values. */
  bags(texts: readonly (readonly string[])[]): CsrMatrix {
    const all = texts.map((tokens) => this.read(tokens));
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
}

/** In how many texts each feature stands. */
function countsIn(texts: readonly (readonly string[])[], options: FeatureOptions): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tokens of texts)
    for (const name of featuresOf(tokens, options).keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
