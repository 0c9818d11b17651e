import type { Vocabulary } from '@towerkit/core';
import { readInteractions, type OnBadRow } from '@towerkit/data';

import type { Judgments } from '../data/judgments.js';
import type { ClicksSource } from '../schema.js';
import type { ClickLog } from './click-log.js';
import { positionBias } from './position-bias.js';
import { weakJudgments } from './weak-judgments.js';

/** Where a log of clicks is, and what its products are called. */
export interface ReadClicksOptions extends Omit<ClicksSource, 'file' | 'relevant'> {
  readonly path: string;
  /** Ids of the catalog. */
  readonly products: Vocabulary;
  readonly onBadRow?: OnBadRow;
}

/** Judgments of a log, and how likely each place of its lists is looked at. */
export interface ClickJudgments {
  readonly judgments: Judgments;
  /** From the first place on, 1 for the first. */
  readonly looks: Float64Array;
}

/**
 * Reads what was shown for queries and what was clicked and bought, and makes judgments of it: gains by {@link weakJudgments}
 * with the places weighed by {@link positionBias}, each beside the best of its query.
 *
 * @throws TowerkitError what `readInteractions` and both functions throw
 */
export async function readClicks({
  columns: { query, product, position, clicked, purchased },
  products: catalog,
  ...source
}: ReadClicksOptions): Promise<ClickJudgments> {
  const { click, purchase, prior, leastShown, ...file } = source;
  const log = await readInteractions({
    ...file,
    columns: { user: query, item: product, more: { position, clicked, ...(purchased && { purchased }) } },
    items: catalog,
  });
  const rows = Array.from(log.user.keys());
  const numbers = (name: string) => Float64Array.from(rows, (row) => numberOf(log.more![name][row]));
  const clicks: ClickLog = {
    query: rows.map((row) => log.users.names[log.user[row]]),
    product: rows.map((row) => (log.item[row] < catalog.size ? log.item[row] : -1)),
    position: numbers('position'),
    clicked: numbers('clicked'),
    ...(purchased && { purchased: numbers('purchased') }),
  };
  const looks = positionBias(clicks);
  const options = { looks, click, purchase, prior, leastShown, scale: 'query' } as const;
  return { judgments: { ...weakJudgments(clicks, options), skipped: log.skipped }, looks };
}

/** A number, or 1 and 0 for `true` and `false`; NaN for what is neither. */
const numberOf = (text: string): number => {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true' ? 1 : 0;
  return word === '' ? NaN : Number(word);
};
