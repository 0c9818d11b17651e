import { requireCount } from '@towerkit/core';

import { pairsOf, requireClicks, type ClickLog } from './click-log.js';

/** Options of {@link positionBias}. */
export interface PositionBiasOptions {
  /** Rounds of expectation and maximization. Default 100. */
  readonly rounds?: number;
}

/** Clicks and showings that each pair starts with, so that one showing proves nothing. */
const PRIOR = { clicks: 0.5, shown: 1 };

/**
 * How likely each place of a list is looked at, beside the first: the position-based model, in which a click is a look and a
 * product that is liked, P(click) = look(place) * like(query, product). Both are fitted by expectation and maximization (Wang et
 * al. 2018, "Position Bias Estimation for Unbiased Learning to Rank in Personal Search", with a table in place of the
 * regression). It needs products that were shown at several places for the same query, as happens when rankings change.
 *
 * @returns the chance of each place from the first on, 1 for the first; shape [largest position]
 * @throws TowerkitError `SHAPE_MISMATCH`, `EMPTY_DATA`, `BAD_VALUE`; `BAD_OPTION`
 * @example
 * ```ts
 * const looks = positionBias({ query, product, position, clicked }); // 1, 0.52, 0.35, ...
 * ```
 */
export function positionBias(log: ClickLog, { rounds = 100 }: PositionBiasOptions = {}): Float64Array {
  requireClicks(log);
  requireCount('rounds', rounds);
  const { position, clicked } = log;
  const { pair, rows } = pairsOf(log);
  let places = 0;
  for (let row = 0; row < pair.length; row++) places = Math.max(places, position[row]);
  const shown = { place: new Float64Array(places), pair: new Float64Array(rows.length) };
  pair.forEach((id, row) => {
    shown.place[position[row] - 1]++;
    shown.pair[id]++;
  });
  let look = new Float64Array(places).map((_, place) => 1 / (place + 1));
  let like = new Float64Array(rows.length).fill(0.5);
  for (let round = 0; round < rounds; round++) {
    const looked = new Float64Array(places);
    const liked = new Float64Array(rows.length);
    pair.forEach((id, row) => {
      const place = position[row] - 1;
      const [seen, good] = [look[place], like[id]];
      // Without a click, either nobody looked or nobody liked it.
      const neither = 1 - seen * good || 1;
      looked[place] += clicked[row] ? 1 : (seen * (1 - good)) / neither;
      liked[id] += clicked[row] ? 1 : (good * (1 - seen)) / neither;
    });
    look = look.map((before, place) =>
      shown.place[place] > 0 ? looked[place] / shown.place[place] : before,
    );
    like = like.map((_, id) => (liked[id] + PRIOR.clicks) / (shown.pair[id] + PRIOR.shown));
  }
  const most = look[0] || 1;
  return look.map((value) => Math.min(1, value / most));
}
