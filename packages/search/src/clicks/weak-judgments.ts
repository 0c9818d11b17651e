import { badOption, Vocabulary } from '@towerkit/core';

import type { Judgments } from '../data/judgments.js';
import { TowerkitError } from '../errors.js';
import { pairsOf, requireClicks, requireShare, type ClickLog } from './click-log.js';

/** Options of {@link weakJudgments}. */
export interface WeakJudgmentsOptions {
  /** Chance that each place is looked at, from {@link positionBias}; every place alike when absent. */
  readonly looks?: ArrayLike<number>;
  /** Gain of a product that is clicked whenever it is looked at. Default .5. */
  readonly click?: number;
  /** Gain of one that is bought whenever it is looked at. Default 1. */
  readonly purchase?: number;
  /** A place that is looked at less often than this counts as if it were looked at so often. Default .01. */
  readonly leastLook?: number;
  /** Looks of the mean gain of the log that each pair starts with, so that one click proves little. Default 1. */
  readonly prior?: number;
  /** Showings below which a pair of query and product says nothing. Default 1. */
  readonly leastShown?: number;
  /**
   * `query` divides the gains of each query by the best of them, or by the mean of the log where that is more, so that the best has
   * 1: who learns from gains needs some that are high, and clicks are rare. Default `absolute`: as the formula has them.
   */
  readonly scale?: 'absolute' | 'query';
}

/**
 * Judgments from what shoppers did: the gain of a product for a query is how often it was clicked or bought when it was looked
 * at. What was gained is divided by the chances that its places are looked at (inverse propensity, Joachims et al. 2017,
 * "Unbiased Learning-to-Rank with Biased Feedback"), in its self-normalized form, which single clicks at the bottom of lists do
 * not blow up (Swaminathan and Joachims 2015):
 *
 *     gain = (sum of gains + prior * mean) / (sum of looks + prior)
 *
 * Without that, what stood on top would look better than it is.
 *
 * @throws TowerkitError `SHAPE_MISMATCH`, `EMPTY_DATA`, `BAD_VALUE`; `BAD_OPTION`; `NO_JUDGMENTS` where nothing is left
 */
export function weakJudgments(
  log: ClickLog,
  {
    looks,
    click = 0.5,
    purchase = 1,
    leastLook = 0.01,
    prior = 1,
    leastShown = 1,
    scale = 'absolute',
  }: WeakJudgmentsOptions = {},
): Judgments {
  requireClicks(log);
  for (const [name, value] of Object.entries({ click, purchase, leastLook })) requireShare(name, value);
  if (!(prior >= 0 && prior < Infinity)) throw badOption('prior', prior, 'must be a number from 0 on');
  const { query, product, position, clicked, purchased } = log;
  const { pair, rows } = pairsOf(log);
  const shown = new Float64Array(rows.length);
  const gained = new Float64Array(rows.length);
  const looked = new Float64Array(rows.length);
  pair.forEach((id, row) => {
    shown[id]++;
    gained[id] += purchased?.[row] ? purchase : clicked[row] ? click : 0;
    looked[id] += Math.max(leastLook, looks?.[position[row] - 1] ?? 1);
  });
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const mean = sum(gained) / sum(looked);
  const ofQuery = new Map<string, number[]>();
  rows.forEach((row, id) => {
    if (shown[id] < leastShown) return;
    const own = ofQuery.get(query[row]);
    if (own) own.push(id);
    else ofQuery.set(query[row], [id]);
  });
  const ids = [...ofQuery.values()];
  const start = new Int32Array(ids.length + 1);
  ids.forEach((own, at) => (start[at + 1] = start[at] + own.length));
  const products = Int32Array.from(ids.flat(), (id) => product[rows[id]]);
  const unknown = products.filter((item) => item < 0).length;
  if (unknown === products.length)
    throw new TowerkitError(
      'NO_JUDGMENTS',
      'the log has no product of the catalog that was shown often enough',
      {
        hint: 'lower leastShown, or see that both name products alike',
      },
    );
  const gainOf = (id: number) => (gained[id] + prior * mean) / (looked[id] + prior);
  const gains = ids.flatMap((own) => {
    const most = scale === 'query' ? Math.max(mean, ...own.map(gainOf)) || 1 : 1;
    return own.map((id) => Math.min(1, gainOf(id) / most));
  });
  return {
    queries: new Vocabulary([...ofQuery.keys()]),
    ...{ start, products, unknown, repeated: 0, skipped: 0 },
    gains: Float32Array.from(gains),
  };
}
