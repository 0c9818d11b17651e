/** Finds items by the beginnings of the words of their titles: what a picker needs, and a search where no model reads texts. */
export class TitleSearch {
  private constructor(
    /** All that it is, in columns: for another process or thread. */
    readonly parts: {
      /** In order. */
      readonly words: readonly string[];
      /** Where the items of each word begin among all, and at last where they end, [words + 1]. */
      readonly starts: Int32Array;
      /** Items by word, ascending. */
      readonly items: Int32Array;
      /** How popular the items are, [items]. */
      readonly counts: Int32Array;
    },
  ) {}

  /**
   * @param titles of the items, [items]
   * @param counts how popular they are, [items]: the more popular come first
   */
  static of(titles: readonly (string | null)[], counts: Int32Array): TitleSearch {
    const byWord = new Map<string, number[]>();
    titles.forEach((title, item) => {
      for (const word of new Set(wordsOf(title ?? ''))) {
        const items = byWord.get(word);
        if (items) items.push(item);
        else byWord.set(word, [item]);
      }
    });
    const words = [...byWord.keys()].sort(inOrder);
    const starts = new Int32Array(words.length + 1);
    words.forEach((word, place) => (starts[place + 1] = starts[place] + byWord.get(word)!.length));
    const items = new Int32Array(starts[words.length]);
    words.forEach((word, place) => items.set(byWord.get(word)!, starts[place]));
    return new TitleSearch({ words, starts, items, counts });
  }

  /** One made before. */
  static from(parts: TitleSearch['parts']): TitleSearch {
    return new TitleSearch(parts);
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
    const { counts } = this.parts;
    return [...found!].sort((a, b) => counts[b] - counts[a] || a - b).slice(0, limit);
  }

  #beginning(prefix: string): Set<number> {
    const { words, starts, items } = this.parts;
    const found = new Set<number>();
    for (let at = this.#place(prefix); at < words.length && words[at].startsWith(prefix); at++)
      for (let place = starts[at]; place < starts[at + 1]; place++) found.add(items[place]);
    return found;
  }

  /** Place of the first word that is not before this one. */
  #place(word: string): number {
    const { words } = this.parts;
    let [low, high] = [0, words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inOrder(words[middle], word) < 0) low = middle + 1;
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
