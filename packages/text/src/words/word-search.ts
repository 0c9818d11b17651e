import { TowerkitError } from '@towerkit/core';

import { wantedOf, wordsOf } from './words.js';

/** Different words of a query that count; of longer ones the rest is not read. */
const MAX_WORDS = 64;
/** UTF-16 units of a query that are read. */
const MAX_QUERY = 4096;

/** What a search is made of: typed arrays alone, which go to another thread as they are. */
export interface WordTables {
  /** Rows by descending weight, equal ones in order, [rows]. */
  readonly order: Int32Array;
  /** UTF-16 units of all words, one after the other, in the order of those units. */
  readonly characters: Uint16Array;
  /** Where each word begins, and where the last ends, [words + 1]. */
  readonly starts: Uint32Array;
  /** Places in `order` of the texts that have a word, ascending, word after word. */
  readonly places: Int32Array;
  /** Where the places of each word begin, and where those of the last end, [words + 1]. */
  readonly ends: Uint32Array;
}

/**
 * Finds texts, such as titles, by the beginnings of their words, without regard to case, accents, ligatures and widths:
 * `grosse` finds `Größe`, `lodz` finds `Łódź`. Of scripts without blanks between words (Japanese, Chinese, Thai, ...) and
 * of Korean, any part of a word is found.
 *
 * A query takes time in proportion to the rows and to the places of the words that it begins, however many words it has:
 * what repeats, or begins another of its words, is looked up once.
 *
 * @example
 * ```ts
 * const search = WordSearch.of(['Die Größe der Welt', '新しいゲームの世界', null], [3, 9, 1]);
 * search.find('GRÖSSE wel', 10); // Int32Array [0]
 * search.find('世界', 10); // Int32Array [1]
 * ```
 */
export class WordSearch {
  /** @param tables of a {@link WordSearch} that was made before, here or on another thread */
  constructor(readonly tables: WordTables) {}

  /**
   * @param texts of the rows; null or absent where there is none
   * @param weights of the rows, [rows]: heavier ones are found first
   * @throws TowerkitError `SHAPE_MISMATCH` unless there is one weight a row
   */
  static of(texts: ArrayLike<string | null | undefined>, weights: ArrayLike<number>): WordSearch {
    if (texts.length !== weights.length)
      throw new TowerkitError('SHAPE_MISMATCH', `${texts.length} texts but ${weights.length} weights`);
    const order = Int32Array.from({ length: texts.length }, (_, row) => row);
    order.sort((a, b) => weights[b] - weights[a] || a - b);
    const placesOf = new Map<string, number[]>();
    order.forEach((row, place) => {
      for (const word of wordsOf(texts[row] ?? '')) {
        const places = placesOf.get(word);
        if (!places) placesOf.set(word, [place]);
        else if (places.at(-1) !== place) places.push(place);
      }
    });
    return new WordSearch({ order, ...packed(placesOf) });
  }

  /** Number of rows. */
  get size(): number {
    return this.tables.order.length;
  }

  /**
   * Rows that have, for every word of the query, a word that begins with it; the heaviest first. A query without words finds
   * nothing. Of a longer one the first 4,096 UTF-16 units and the first 64 different words count.
   *
   * @param limit how many rows, at most
   * @param passes whether a row may be found; each may by default
   */
  find(query: string, limit: number, passes: (row: number) => boolean = () => true): Int32Array {
    const ranges = prefixes(query).map((prefix) => this.#range(prefix));
    if (ranges.length === 0) return new Int32Array(0);
    ranges.sort((a, b) => a.end - a.start - (b.end - b.start));
    const { order, places } = this.tables;
    const had = new Uint8Array(order.length); // words of the query that each place has had so far
    ranges.forEach(({ start, end }, before) => {
      for (let at = start; at < end; at++) if (had[places[at]] === before) had[places[at]]++;
    });
    const found: number[] = [];
    for (let place = 0; place < had.length && found.length < limit; place++)
      if (had[place] === ranges.length && passes(order[place])) found.push(order[place]);
    return Int32Array.from(found);
  }

  /** The heaviest rows. @param passes see {@link find} */
  first(limit: number, passes: (row: number) => boolean = () => true): Int32Array {
    const { order } = this.tables;
    const found: number[] = [];
    for (let place = 0; place < order.length && found.length < limit; place++)
      if (passes(order[place])) found.push(order[place]);
    return Int32Array.from(found);
  }

  /** Where the places of the words that begin so are. */
  #range(prefix: string): { start: number; end: number } {
    const { ends } = this.tables;
    const start = this.#firstWord((order) => order >= 0, prefix);
    const end = this.#firstWord((order) => order > 0, prefix);
    return { start: ends[start], end: ends[end] };
  }

  /** The first word whose beginning, against the prefix, is as wanted. */
  #firstWord(wanted: (order: number) => boolean, prefix: string): number {
    let [low, high] = [0, this.tables.starts.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (wanted(this.#compare(middle, prefix))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** 0 where the word begins with the prefix; else which of the two comes first. */
  #compare(word: number, prefix: string): number {
    const { starts, characters } = this.tables;
    const length = starts[word + 1] - starts[word];
    for (let at = 0; at < prefix.length; at++) {
      if (at === length) return -1;
      const order = characters[starts[word] + at] - prefix.charCodeAt(at);
      if (order !== 0) return order;
    }
    return 0;
  }
}

/** Beginnings of words that a query asks for, without those that begin another one: their rows are never the same words'. */
function prefixes(query: string): string[] {
  const words = [...new Set(wantedOf(query.slice(0, MAX_QUERY)))].slice(0, MAX_WORDS).sort(byUnits);
  return words.filter((word, place) => !words[place + 1]?.startsWith(word));
}

function packed(placesOf: ReadonlyMap<string, readonly number[]>): Omit<WordTables, 'order'> {
  const words = [...placesOf.keys()].sort(byUnits);
  const starts = new Uint32Array(words.length + 1);
  const ends = new Uint32Array(words.length + 1);
  words.forEach((word, at) => {
    starts[at + 1] = starts[at] + word.length;
    ends[at + 1] = ends[at] + placesOf.get(word)!.length;
  });
  const characters = new Uint16Array(starts[words.length]);
  const places = new Int32Array(ends[words.length]);
  words.forEach((word, at) => {
    for (let i = 0; i < word.length; i++) characters[starts[at] + i] = word.charCodeAt(i);
    places.set(placesOf.get(word)!, ends[at]);
  });
  return { characters, starts, places, ends };
}

const byUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
