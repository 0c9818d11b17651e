import { mark, needs, type CleaningRule } from '../cleaning.js';
import { requireValues } from '../interaction-log.js';

/** Leaves out rows of some kinds, such as returns. The log must have kinds (`MISSING_COLUMN`). */
export function excludeKinds(kinds: readonly string[]): CleaningRule {
  const name = `excludeKinds(${kinds.join(', ')})`;
  return {
    name,
    keep(log) {
      const { names, codes } = requireValues(log.kind, 'kind', needs(name));
      const excluded = names.map((own) => kinds.includes(own));
      return mark(codes, (code) => !excluded[code]);
    },
  };
}

/**
 * Rows rated `least` or more, those rated `dislikes` or less, which say that an item is not wanted, and those without a rating
 * (NaN), such as views: what lies between says nothing. The log must have ratings (`MISSING_COLUMN`).
 *
 * @param dislikes none by default
 */
export function minimumRatingOrDislike(least: number, dislikes = -Infinity): CleaningRule {
  const name = `minimumRating(${least})`;
  return {
    name,
    keep: (log) =>
      mark(
        requireValues(log.rating, 'rating', needs(name)),
        (rating) => !(rating < least && rating > dislikes),
      ),
  };
}
