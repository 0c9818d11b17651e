import {
  MOST_WORDS,
  ngramFeatures,
  pairFeature,
  wordFeature,
  type FeatureOptions,
} from '../src/words/word-features.js';

/**
 * The features of a text with their weights: its words (`w`), pairs of words that follow each other (`p`), and the character
 * n-grams of the words (`g`), by which typos, compounds and model numbers meet. A word or pair counts once however often
 * it stands; the n-grams of a word of n of them weigh ngramWeight / sqrt(n) each.
 *
 * @param tokens of the text, the first 256 are read
 */
export function featuresOf(
  tokens: readonly string[],
  { ngrams, ngramWeight, pairs }: FeatureOptions,
): Map<string, number> {
  const features = new Map<string, number>();
  const count = Math.min(tokens.length, MOST_WORDS);
  for (let at = 0; at < count; at++) {
    const token = tokens[at];
    features.set(wordFeature(token), 1);
    if (pairs && at > 0) features.set(pairFeature(tokens[at - 1], token), 1);
    const grams = ngramFeatures(token, ngrams);
    const weight = ngramWeight / Math.sqrt(grams.length);
    for (const gram of grams) features.set(gram, (features.get(gram) ?? 0) + weight);
  }
  return features;
}
