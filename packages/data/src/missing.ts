/** Words for a missing number, beside an empty value; upper and lower case do not matter. */
export const MISSING_WORDS = ['nan', 'na', 'n/a', '#n/a', '<na>', 'null', 'none', '-'] as const;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number that a text says.
 *
 * @returns null for an empty text or a word for a missing number (NaN, NA, N/A, #N/A, <NA>, null, None, -); undefined
 *   for any other text that is no number, or one that no double holds
 */
export function numberOf(text: string): number | null | undefined {
  const plain = text.trim();
  if (plain === '' || (MISSING_WORDS as readonly string[]).includes(plain.toLowerCase())) return null;
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}
