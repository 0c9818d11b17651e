import { badOption } from '@towerkit/core';

import { TowerkitError } from '../errors.js';

/** What was shown for queries, and what was done with it; every array has an entry for each product shown. */
export interface ClickLog {
  /** The query, as it was typed. */
  readonly query: readonly string[];
  /** Dense id of the product; -1 for one that the catalog lacks. */
  readonly product: ArrayLike<number>;
  /** Place in the list, from 1. */
  readonly position: ArrayLike<number>;
  /** 1 where it was clicked, else 0. */
  readonly clicked: ArrayLike<number>;
  /** 1 where it was bought after the query, else 0. A purchase is a click, too. */
  readonly purchased?: ArrayLike<number>;
}

/** @throws TowerkitError `SHAPE_MISMATCH`, `EMPTY_DATA`, `BAD_VALUE` naming the row */
export function requireClicks({ query, product, position, clicked, purchased }: ClickLog): void {
  const rows = query.length;
  for (const [name, values] of Object.entries({
    product,
    position,
    clicked,
    purchased: purchased ?? clicked,
  }))
    if (values.length !== rows)
      throw new TowerkitError('SHAPE_MISMATCH', `${rows} queries do not go with ${values.length} of ${name}`);
  if (rows === 0) throw new TowerkitError('EMPTY_DATA', 'the log shows no product');
  for (let row = 0; row < rows; row++) {
    const isPlace = Number.isInteger(position[row]) && position[row] >= 1 && position[row] <= MOST_POSITIONS;
    const isFlag = (value: number) => value === 0 || value === 1;
    if (!isPlace || !isFlag(clicked[row]) || !isFlag(purchased?.[row] ?? 0))
      throw new TowerkitError('BAD_VALUE', `row ${row} of the log is not one of a list`, {
        hint: `positions are whole numbers from 1 to ${MOST_POSITIONS}, clicks and purchases are 0 or 1`,
        details: { row, position: position[row], clicked: clicked[row] },
      });
  }
}

/** Places of a list that are told apart. */
const MOST_POSITIONS = 1_000;

/** Number of a query and product, alike for each time they were shown together. */
export function pairsOf({ query, product }: Pick<ClickLog, 'query' | 'product'>): {
  readonly pair: Int32Array;
  /** First row of each pair. */
  readonly rows: readonly number[];
} {
  const ids = new Map<string, number>();
  const rows: number[] = [];
  const pair = Int32Array.from(query, (text, row) => {
    const key = `${product[row]} ${text}`;
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = rows.push(row) - 1));
    return id;
  });
  return { pair, rows };
}

/** @throws TowerkitError `BAD_OPTION` */
export function requireShare(name: string, value: number): void {
  if (!(value > 0 && value <= 1)) throw badOption(name, value, 'must be above 0 and at most 1');
}
