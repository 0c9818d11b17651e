import { Vocabulary, type ItemId } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import { takeRows } from './filter-rows.js';
import { isId, LONGEST_ID } from './id.js';
import { IdEncoder } from './id-encoder.js';
import type { InteractionLog, KindColumn } from './interaction-log.js';
import { LARGEST } from './numeric.js';
import { orderRows } from './order-rows.js';
import { shown } from './shown.js';

/** Interactions as parallel arrays of names and values, shape [rows] each. */
export interface InteractionArrays {
  readonly user: readonly string[];
  readonly item: readonly string[];
  readonly time?: ArrayLike<number>;
  readonly position?: ArrayLike<number>;
  readonly rating?: ArrayLike<number>;
  /** How much it was, 0 or more; see {@link InteractionLog.weight}. */
  readonly weight?: ArrayLike<number>;
  /** Names of kinds, such as `view`. */
  readonly kind?: readonly string[];
  readonly text?: readonly string[];
  /** Other columns of text by name; '' where missing. */
  readonly more?: Readonly<Record<string, readonly string[]>>;
  /** Other columns of numbers by name; NaN where missing. */
  readonly numbers?: Readonly<Record<string, ArrayLike<number>>>;
}

/**
 * Makes a log of arrays in memory. Ids are dense in order of first appearance; rows are sorted as
 * {@link InteractionLog} says.
 *
 * @param options.items the item universe: its items come first, in its order; items it lacks are appended
 * @throws TowerkitError `SHAPE_MISMATCH` for arrays of different length, `BAD_VALUE` naming the row of what
 *   is no id, of a number that is not finite, or a weight below 0, `EMPTY_DATA` for no rows
 *
 * @example
 * ```ts
 * const log = encodeInteractions({ user: ['ann', 'bo', 'ann'], item: ['hat', 'hat', 'scarf'], time: [2, 1, 1] });
 * log.item; // Int32Array [1, 0, 0]: ann had the scarf first
 * ```
 */
export function encodeInteractions(
  rows: InteractionArrays,
  { items }: { items?: Vocabulary<ItemId> } = {},
): InteractionLog {
  validate(rows);
  const users = new IdEncoder();
  const known = new IdEncoder(items?.names);
  const user = Int32Array.from(rows.user, (name) => users.idOf(name));
  const item = Int32Array.from(rows.item, (name) => known.idOf(name));
  const log: InteractionLog = {
    users: new Vocabulary(users.names),
    items: new Vocabulary(known.names),
    user,
    item,
    time: rows.time && Float64Array.from(rows.time),
    position: rows.position && Float64Array.from(rows.position),
    rating: rows.rating && Float32Array.from(rows.rating),
    weight: rows.weight && Float64Array.from(rows.weight),
    kind: rows.kind && kindColumn(rows.kind),
    text: rows.text,
    ...(rows.more && { more: rows.more }),
    ...(rows.numbers && {
      numbers: Object.fromEntries(
        Object.entries(rows.numbers).map(([name, values]) => [name, Float64Array.from(values)]),
      ),
    }),
  };
  return takeRows(log, orderRows(users.names.length, user, [log.time, log.position]));
}

function kindColumn(kinds: readonly string[]): KindColumn {
  const names = new IdEncoder();
  const codes = Int32Array.from(kinds, (name) => names.idOf(name));
  return { names: names.names, codes };
}

function validate({ more = {}, numbers = {}, ...rows }: InteractionArrays): void {
  const length = rows.user.length;
  if (length === 0) throw new TowerkitError('EMPTY_DATA', 'there are no interactions');
  validateColumns(more, length, (value) => typeof value === 'string', 'give a string, empty where missing');
  validateColumns(
    numbers,
    length,
    (value) => typeof value === 'number' && Math.abs(value) !== Infinity,
    'give a finite number, NaN where missing',
  );
  for (const [name, values] of Object.entries(rows) as [string, ArrayLike<unknown> | undefined][]) {
    if (values === undefined) continue;
    if (values.length !== length)
      throw new TowerkitError('SHAPE_MISMATCH', `${length} users but ${values.length} values of ${name}`);
    const numeric = ['time', 'position', 'rating', 'weight'].includes(name);
    for (let row = 0; row < length; row++) {
      const value = values[row];
      const fits = numeric
        ? Number.isFinite(value) && (name !== 'weight' || isWeight(value as number))
        : name === 'text'
          ? typeof value === 'string'
          : isId(value);
      if (fits) continue;
      throw new TowerkitError('BAD_VALUE', `row ${row}: ${name} cannot be ${shown(value)}`, {
        hint: numeric
          ? `give a finite number${name === 'weight' ? ' from 0 up' : ''}`
          : `give a string${name === 'text' ? '' : ` of 1 to ${LONGEST_ID} characters`}`,
        details: { row, name },
      });
    }
  }
}

/** Whether a number can be what a row weighs: models compute in 32 bits. */
const isWeight = (value: number): boolean => value >= 0 && value <= LARGEST;

function validateColumns(
  columns: Readonly<Record<string, ArrayLike<unknown>>>,
  length: number,
  fits: (value: unknown) => boolean,
  hint: string,
): void {
  for (const [name, values] of Object.entries(columns)) {
    if (values.length !== length)
      throw new TowerkitError('SHAPE_MISMATCH', `${length} users but ${values.length} values of ${name}`);
    for (let row = 0; row < length; row++)
      if (!fits(values[row]))
        throw new TowerkitError('BAD_VALUE', `row ${row}: ${name} cannot be ${shown(values[row])}`, {
          hint,
          details: { row, name },
        });
  }
}
