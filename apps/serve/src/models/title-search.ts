/** Finds items by the beginnings of the words of their titles: what a picker needs, and a search where no model reads texts. */
export class TitleSearch {
  private constructor(
    /** Words in order. */
    readonly words: readonly string[],
    /** Items of each word, ascending. */
    readonly postings: readonly (readonly number[])[],
    readonly counts: ArrayLike<number>,
  ) {}

  /**
   * @param titles of the items, [items]
   * @param counts how popular they are, [items]: the more popular come first
   */
  static of(titles: readonly (string | null)[], counts: ArrayLike<number>): TitleSearch {
    const byWord = new Map<string, number[]>();
    titles.forEach((title, item) => {
      for (const word of new Set(wordsOf(title ?? ''))) {
        const items = byWord.get(word);
        if (items) items.push(item);
        else byWord.set(word, [item]);
      }
    });
    const words = [...byWord.keys()].sort(inOrder);
    return new TitleSearch(
      words,
      words.map((word) => byWord.get(word)!),
      counts,
    );
  }

  /** Items that have, for every word of the query, a word that begins with it. The popular ones first. */
  find(query: string, limit: number): number[] {
    const wanted = wordsOf(query);
    if (wanted.length === 0) return [];
    let found: Set<number> | undefined;
    for (const prefix of wanted) {
      const before = found;
      const items = this.#beginning(prefix);
      found = before ? new Set([...items].filter((item) => before.has(item))) : items;
    }
    return [...found!].sort((a, b) => this.counts[b] - this.counts[a] || a - b).slice(0, limit);
  }

  #beginning(prefix: string): Set<number> {
    const items = new Set<number>();
    for (let at = this.#place(prefix); at < this.words.length && this.words[at].startsWith(prefix); at++)
      for (const item of this.postings[at]) items.add(item);
    return items;
  }

  /** Place of the first word that is not before this one. */
  #place(word: string): number {
    let [low, high] = [0, this.words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(this.words[middle], word) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const inOrder = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Words in lower case and without accents. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [];
