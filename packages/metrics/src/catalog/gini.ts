import { TowerkitError } from '../errors.js';
import { requireFinite } from '../validation.js';

/**
 * Gini index of how unevenly `counts` are spread: 0 when all are equal, (n - 1) / n when one item has everything.
 * Use it on the {@link exposure} of recommendations: sum of (2i - n - 1) x_i over n * sum of x, x ascending.
 *
 * @param counts one entry per item of the whole catalog, not negative, zeros included
 * @throws TowerkitError `BAD_COUNTS` when a count is negative or all are 0
 */
export function gini(counts: ArrayLike<number>): number {
  requireFinite(counts);
  const ascending = Float64Array.from(counts).sort();
  const n = ascending.length;
  let total = 0;
  let weighted = 0;
  for (let i = 0; i < n; i++) {
    total += ascending[i];
    weighted += (2 * (i + 1) - n - 1) * ascending[i];
  }
  if (n === 0 || ascending[0] < 0 || total === 0)
    throw new TowerkitError('BAD_COUNTS', 'counts must not be negative, and at least one must be above 0');
  return weighted / (n * total);
}
