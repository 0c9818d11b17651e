import { MOST_WORDS, ngramFeatures, pairFeature, wordFeature, type FeatureOptions } from './word-features.js';

/** In how many texts each feature stands. Each word is taken apart once, however often it stands. */
export function countFeatures(
  texts: readonly (readonly string[])[],
  { ngrams, pairs }: FeatureOptions,
): Map<string, number> {
  const ids = new Map<string, number>();
  const counts: number[] = [];
  /** The text that a feature was last counted in. */
  const counted: number[] = [];
  const idOf = (name: string) => {
    let id = ids.get(name);
    if (id === undefined) {
      ids.set(name, (id = counts.push(0) - 1));
      counted.push(-1);
    }
    return id;
  };
  const ofWord = new Map<string, readonly number[]>();
  const count = (id: number, text: number) => {
    if (counted[id] === text) return;
    counted[id] = text;
    counts[id]++;
  };
  texts.forEach((tokens, text) => {
    for (let at = 0; at < Math.min(tokens.length, MOST_WORDS); at++) {
      const token = tokens[at];
      let own = ofWord.get(token);
      if (!own) ofWord.set(token, (own = [wordFeature(token), ...ngramFeatures(token, ngrams)].map(idOf)));
      for (const id of own) count(id, text);
      if (pairs && at > 0) count(idOf(pairFeature(tokens[at - 1], token)), text);
    }
  });
  return new Map(Array.from(ids, ([name, id]) => [name, counts[id]]));
}
