import type { InteractionLog } from '@towerkit/data';

import type { ResolvedConfig } from '../config/schema.js';
import { badConfig } from '../config/check-config.js';

type TemporalRule = Extract<NonNullable<ResolvedConfig['split']>, { readonly kind: 'temporal' }>;

/**
 * When the parts of a temporal split begin: as the config says, or such that the shares of all rows that it names come from then on.
 *
 * @returns in the unit of `log.time`
 * @throws TowerkitError `BAD_CONFIG` for shares that leave no row to learn from
 */
export function temporalBounds(
  { time }: Pick<InteractionLog, 'time'>,
  { validation = NaN, test, shares }: TemporalRule,
): { validation: number; test?: number } {
  if (!shares || !time) return { validation, ...(test !== undefined && { test }) };
  const sorted = Float64Array.from(time).sort();
  const from = (share: number) => sorted[Math.floor((1 - share) * sorted.length)];
  const { validation: first, test: second = 0 } = shares;
  if (first + second >= 1) throw badConfig('split.shares: they must leave rows to learn from');
  return { validation: from(first + second), ...(second > 0 && { test: from(second) }) };
}
