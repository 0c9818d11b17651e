import type { CleaningRule } from '../cleaning.js';
import { TowerkitError } from '../errors.js';

/** Leaves out rows of some kinds, such as returns. The log must have kinds (`MISSING_COLUMN`). */
export function excludeKinds(kinds: readonly string[]): CleaningRule {
  const name = `excludeKinds(${kinds.join(', ')})`;
  return {
    name,
    keep({ kind }) {
      if (kind === undefined) throw missing('kind', name);
      const kept = Uint8Array.from(kind.names, (own) => (kinds.includes(own) ? 0 : 1));
      return Uint8Array.from(kind.codes, (code) => kept[code]);
    },
  };
}

/**
 * Rows rated `least` or more, those rated `dislikes` or less, which say that an item is not wanted, and those without a rating
 * (NaN), such as views: what lies between says nothing. The log must have ratings (`MISSING_COLUMN`).
 */
export function minimumRatingOrDislike(least: number, dislikes = -Infinity): CleaningRule {
  const name = `minimumRating(${least})`;
  return {
    name,
    keep({ rating }) {
      if (rating === undefined) throw missing('rating', name);
      return Uint8Array.from(rating, (value) => (value < least && value > dislikes ? 0 : 1));
    },
  };
}

const missing = (column: string, rule: string) =>
  new TowerkitError('MISSING_COLUMN', `the cleaning rule ${rule} needs a ${column}, the log has none`, {
    hint: `name the ${column} column when reading`,
    details: { column },
  });
