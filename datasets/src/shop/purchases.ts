import type { Rng } from '@towerkit/core';

import { BlockDraw, type BlockSums } from './block-draw.js';
import { ChoiceModel } from './choice.js';
import type { ShopOptions } from './options.js';
import { rate } from './ratings.js';
import { profileWeights, type ShopSecrets } from './secrets.js';
import { drawProfile, type Profile } from './tastes.js';
import { DEPARTMENTS } from './words/departments.js';

/** Columns of the record, each of shape [rows], by time and then by user. */
export interface ShopInteractions {
  /** The known customer; -1 - n for somebody without an account who appears as `ANONYMOUS_NAMES[n]`. */
  readonly user: Int32Array;
  readonly item: Int32Array;
  /** Stars, 1 to 5. */
  readonly rating: Uint8Array;
  /** Unix time in seconds; rises with every row of a known customer. */
  readonly timestamp: Float64Array;
}

/** The names under which people without an account appear; such a name is not one user. */
export const ANONYMOUS_NAMES: readonly string[] = ['Anonymous', 'A customer', 'Guest'];

const DAY = 86_400;

/** Lets everybody buy and rate: known customers one purchase after another, passers-by one thing each. */
export function recordPurchases(
  rng: Rng,
  options: Required<ShopOptions>,
  secrets: ShopSecrets,
): ShopInteractions {
  const { catalog, tastes, profiles } = secrets;
  const start = Date.parse(`${options.start}T00:00:00Z`) / 1000;
  const end = start + options.days * DAY;
  const choice = new BlockDraw(new ChoiceModel(catalog), catalog.shelf, DEPARTMENTS.length * 4);
  const user: number[] = [];
  const item: number[] = [];
  const rating: number[] = [];
  const timestamp: number[] = [];
  const record = (who: number, what: number, when: number, profile: Profile, own: Rng) => {
    user.push(who);
    item.push(what);
    timestamp.push(when);
    rating.push(rate(own, secrets, profile, what));
  };

  profiles.forEach((profile, who) => {
    const own = rng.fork(who);
    const sums = choice.sumsOf(profileWeights(secrets, profile));
    const times = visitTimes(own, visits(own, options), start, end);
    const history: number[] = [];
    for (const when of times) {
      const again = history.length > 0 && own.uniform() < options.repeatShare;
      const what = again ? history[own.integer(history.length)] : choice.draw(own, sums, history);
      record(who, what, when, profile, own);
      history.push(what);
    }
  });

  const passing = rng.fork('passers-by');
  const sumsOfTaste: BlockSums[] = [];
  const passers = Math.round((user.length * options.anonymousShare) / (1 - options.anonymousShare));
  for (let k = 0; k < passers; k++) {
    const profile = drawProfile(passing, tastes, 1, 0);
    const [taste] = profile.tastes;
    const sums = (sumsOfTaste[taste] ??= choice.sumsOf(secrets.tasteWeights[taste]));
    const what = choice.draw(passing, sums, []);
    const when = start + passing.integer(options.days * DAY);
    record(-1 - passing.integer(ANONYMOUS_NAMES.length), what, when, profile, passing);
  }

  const order = Uint32Array.from(user, (_, row) => row);
  order.sort((a, b) => timestamp[a] - timestamp[b] || user[a] - user[b] || a - b);
  return {
    user: Int32Array.from(order, (row) => user[row]),
    item: Int32Array.from(order, (row) => item[row]),
    rating: Uint8Array.from(order, (row) => rating[row]),
    timestamp: Float64Array.from(order, (row) => timestamp[row]),
  };
}

/** How often a customer buys: 4 at least, the stated mean, skewed to the right, a third of the items at most. */
function visits(rng: Rng, { interactionsPerUser, items }: Required<ShopOptions>): number {
  const extra = (interactionsPerUser - 4) * 4 * rng.uniform() * rng.uniform();
  return Math.min(Math.floor(items / 3), 4 + Math.floor(extra + 0.5));
}

/** `count` moments after somebody first came, strictly rising. */
function visitTimes(rng: Rng, count: number, start: number, end: number): number[] {
  const joined = start + Math.floor((end - start) * 0.6 * rng.uniform());
  const times = Array.from({ length: count }, () => joined + rng.integer(end - joined)).sort((a, b) => a - b);
  for (let k = 1; k < count; k++) times[k] = Math.max(times[k], times[k - 1] + 60);
  return times;
}
