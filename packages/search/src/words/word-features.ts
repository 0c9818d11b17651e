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
export const MOST_WORDS = 256;

/** The feature of a word. */
export const wordFeature = (token: string): string => `w${token}`;

/** The feature of two words that follow each other. */
export const pairFeature = (before: string, token: string): string => `p${before} ${token}`;

/** The features of the character n-grams of a word, its ends marked, short of the whole; one that stands twice comes twice. */
export function ngramFeatures(word: string, lengths: readonly number[]): string[] {
  const marked = `<${word}>`;
  const grams: string[] = [];
  for (const length of lengths)
    if (length < marked.length)
      for (let at = 0; at + length <= marked.length; at++) grams.push(`g${marked.slice(at, at + length)}`);
  return grams;
}
