import { CsrMatrix, type Repeats } from '@towerkit/core';

/** Which items a ranking holds, as `evaluateFullRanking` of `@towerkit/metrics` is told. */
export interface RankingScope {
  readonly repeats: Repeats;
  /** Rows x items: those of `repeats`. */
  readonly histories: CsrMatrix;
}

/** What is known of those who ask, each matrix rows x items. */
export interface KnownItems {
  readonly histories: CsrMatrix;
  /** What is left out where repeats are: what was taken or is disliked. Default: the histories. */
  readonly leftOut?: CsrMatrix;
  /** Absent where no row of the data counts as a dislike. */
  readonly disliked?: CsrMatrix;
}

/**
 * The items that a ranking holds: those that an answer may hold. Dislikes are in none, whatever becomes of repeats; targets among
 * them are left out, and count as repeats.
 */
export function rankingScope(
  repeats: Repeats,
  { histories, leftOut = histories, disliked }: KnownItems,
): RankingScope {
  if (repeats === 'exclude') return { repeats, histories: leftOut };
  if (!disliked) return { repeats, histories };
  // All items but the disliked ones: where repeats are allowed, nothing else is left out.
  if (repeats === 'allow') return { repeats: 'exclude', histories: disliked };
  const wanted = Array.from({ length: histories.rows }, (_, row) => {
    const not = new Set(disliked.row(row));
    return histories.row(row).filter((item) => !not.has(item));
  });
  return { repeats, histories: CsrMatrix.fromRows(wanted, histories.cols) };
}
