import { TowerkitError } from '@towerkit/core';

/** Two values, from the first epoch to the last in equal steps. */
export interface Ramp<T> {
  readonly from: T;
  readonly to: T;
}

/** The first and the last rank that hard negatives come from, from 1: the nearest item to a target has rank 1. */
export type Ranks = readonly [first: number, last: number];

/**
 * Hard negatives: for an example, items near its target by the model as it is, which the user has not had. Those that are too
 * near may be what the user wants next; the first rank leaves them out.
 */
export interface HardNegativesOptions {
  /** Where they come from, or a ramp over the epochs, such as from [100, 400] to [10, 100]: harder as training goes on. */
  readonly ranks: Ranks | Ramp<Ranks>;
  /** How many an example gets, at most. Default 4. */
  readonly count?: number;
  /** Steps after which the index is built anew of the present item vectors. Default 500. */
  readonly refresh?: number;
  /** Share of the examples that get some, in [0, 1], or a ramp. Default 1. */
  readonly share?: number | Ramp<number>;
  /** What their loss weighs beside the other. Default 1. */
  readonly weight?: number;
}

/** {@link HardNegativesOptions} with the defaults filled in. */
export interface HardSettings {
  readonly ranks: Ramp<Ranks>;
  readonly count: number;
  readonly refresh: number;
  readonly share: Ramp<number>;
  readonly weight: number;
}

/**
 * Fills in the defaults.
 *
 * @param items how many there are
 * @throws TowerkitError `BAD_OPTION` for ranks that are not 1, 2, ... in order and below the number of items, a count or a
 *   refresh that is not 1, 2, ..., a share outside [0, 1], or a weight that is not above 0
 */
export function hardSettings(
  { ranks, count = 4, refresh = 500, share = 1, weight = 1 }: HardNegativesOptions,
  items: number,
): HardSettings {
  const wanted = 'from' in ranks ? ranks : { from: ranks, to: ranks };
  const shares = typeof share === 'number' ? { from: share, to: share } : share;
  for (const [first, last] of [wanted.from, wanted.to])
    if (!(isCount(first) && isCount(last) && first <= last && last < items))
      throw bad('ranks', [first, last], `must be two of 1, 2, ... in order, and below the ${items} items`);
  for (const [name, value] of Object.entries({ count, refresh }))
    if (!isCount(value)) throw bad(name, value, 'must be 1, 2, ...');
  for (const value of [shares.from, shares.to])
    if (!(value >= 0 && value <= 1)) throw bad('share', value, 'must be in [0, 1]');
  if (!(weight > 0 && weight < Infinity)) throw bad('weight', weight, 'must be above 0');
  return { ranks: wanted, count, refresh, share: shares, weight };
}

/** What holds in an epoch, from 1, of a schedule over `epochs`. */
export function hardnessAt(
  { ranks, share }: Pick<HardSettings, 'ranks' | 'share'>,
  epoch: number,
  epochs: number,
): { ranks: Ranks; share: number } {
  const way = epochs > 1 ? Math.min(1, (epoch - 1) / (epochs - 1)) : 0;
  const between = (from: number, to: number) => from + way * (to - from);
  const rank = (end: 0 | 1) => Math.round(between(ranks.from[end], ranks.to[end]));
  return { ranks: [rank(0), rank(1)], share: between(share.from, share.to) };
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;

const bad = (name: string, value: unknown, what: string) =>
  new TowerkitError('BAD_OPTION', `hard negatives: ${name} ${what}, got ${JSON.stringify(value)}`, {
    details: { option: name, value },
  });
