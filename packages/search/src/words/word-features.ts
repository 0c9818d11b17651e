/** Which parts of words a tower reads. */
export interface FeatureOptions {
  /** Lengths of the character n-grams of a word, its ends marked: `<2x4>`. None are read for an empty list. */
  readonly ngrams: readonly number[];
  /** What all n-grams of a word weigh together (as a length, not a sum), beside the word itself at 1. */
  readonly ngramWeight: number;
  /** Whether two words that follow each other are a feature of their own. */
  readonly pairs: boolean;
}

/** Words of a text that are read. */
const MOST_WORDS = 256;

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
    features.set(`w${token}`, 1);
    if (pairs && at > 0) features.set(`p${tokens[at - 1]} ${token}`, 1);
    const grams = ngramsOf(token, ngrams);
    const weight = ngramWeight / Math.sqrt(grams.length);
    for (const gram of grams) features.set(`g${gram}`, (features.get(`g${gram}`) ?? 0) + weight);
  }
  return features;
}

/** Character n-grams of a word with its ends marked, short of the whole. */
function ngramsOf(word: string, lengths: readonly number[]): string[] {
  const marked = `<${word}>`;
  const grams: string[] = [];
  for (const length of lengths)
    if (length < marked.length)
      for (let at = 0; at + length <= marked.length; at++) grams.push(marked.slice(at, at + length));
  return grams;
}
