import { WordSearch } from '@towerkit/text';

import type { RankedItems } from './question.js';

/** Finds the items of a catalog by the words of their titles, or of their ids where there are no titles. */
export class TitleSearch {
  #words: WordSearch | undefined;

  /** @param catalog columns of the items by name, [items] each, `id` and `training_count` among them */
  constructor(readonly catalog: Readonly<Record<string, ArrayLike<unknown>>>) {}

  /**
   * Items with, for every word of the query, a word that begins with it; the popular ones first.
   *
   * @param query the most popular items when absent
   * @param allow only these items, where given
   * @returns also their numbers of training rows, as scores
   */
  find(query: string | undefined, k: number, allow?: Float64Array): RankedItems {
    const counts = this.catalog.training_count as ArrayLike<number>;
    const allowed = allow && new Uint8Array(counts.length);
    allow?.forEach((item) => (allowed![item] = 1));
    const passes = allowed && ((item: number) => allowed[item] === 1);
    const words = (this.#words ??= this.#read(counts));
    const items = Array.from(query === undefined ? words.first(k, passes) : words.find(query, k, passes));
    return { items, scores: items.map((item) => counts[item]) };
  }

  /** Takes about a second for 50,000 titles. */
  #read(counts: ArrayLike<number>): WordSearch {
    const { title, id } = this.catalog;
    const texts = Array.from(title ?? id, (text) =>
      text === null || text === undefined ? null : String(text),
    );
    return WordSearch.of(texts, counts);
  }
}
