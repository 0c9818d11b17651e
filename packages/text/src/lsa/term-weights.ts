import type { Vocabulary } from '@towerkit/core';

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu;

/**
 * The terms of a text: its words (letters and digits of any script, NFKC, lower case) and its pairs of neighboring
 * words, joined by a space. In order, repeats included.
 */
export function termsOf(text: string): string[] {
  const words = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  const terms: string[] = [...words];
  for (let i = 1; i < words.length; i++) terms.push(`${words[i - 1]} ${words[i]}`);
  return terms;
}

/** How often each term was seen: all that TF-IDF needs to know of a collection. */
export interface TermCounts {
  readonly vocabulary: Vocabulary;
  /** Texts that hold each term, shape [terms]. */
  readonly counts: Int32Array;
  /** Texts in all. */
  readonly texts: number;
}

/** The terms of one text that are in the vocabulary, each once, in ascending order of id, with their weights. */
export interface WeightedTerms {
  readonly ids: Int32Array;
  /** Of length 1 as a vector. */
  readonly weights: Float64Array;
}

/**
 * TF-IDF with sublinear counts (Salton and Buckley 1988; scikit-learn's `sublinear_tf`, `smooth_idf`), scaled to a length
 * of 1:
 *
 *     weight = (1 + ln count in the text) * (1 + ln((1 + texts) / (1 + texts that hold the term)))
 */
export class TermWeights {
  readonly #idf: Float64Array;

  constructor(private readonly known: TermCounts) {
    this.#idf = Float64Array.from(known.counts, (count) => 1 + Math.log((1 + known.texts) / (1 + count)));
  }

  /** @param text as `readableTexts` gives it */
  of(text: string): WeightedTerms {
    const found = new Map<number, number>();
    for (const term of termsOf(text)) {
      const id = this.known.vocabulary.indexOf(term);
      if (id !== undefined) found.set(id, (found.get(id) ?? 0) + 1);
    }
    const ids = Int32Array.from(found.keys()).sort();
    const weights = Float64Array.from(ids, (id) => (1 + Math.log(found.get(id)!)) * this.#idf[id]);
    let square = 0;
    for (const weight of weights) square += weight * weight;
    return { ids, weights: weights.map((weight) => weight / Math.sqrt(square)) };
  }
}

/**
 * The terms that at least `minCount` texts hold, the most frequent first, `limit` of them at most; equally frequent ones
 * in the order of their UTF-16 units.
 */
export function frequentTerms(
  counts: ReadonlyMap<string, number>,
  { minCount, limit }: { minCount: number; limit: number },
): { names: string[]; counts: Int32Array } {
  const kept = [...counts].filter(([, count]) => count >= minCount);
  kept.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  if (kept.length > limit) kept.length = limit;
  return { names: kept.map(([name]) => name), counts: Int32Array.from(kept, ([, count]) => count) };
}
