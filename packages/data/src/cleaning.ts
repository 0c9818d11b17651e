import { TowerkitError } from './errors.js';
import { filterRows, type Universe } from './filter-rows.js';
import { requireValues, type InteractionLog } from './interaction-log.js';

/** A reason to drop rows. Write your own: any object with a name and a `keep`. */
export interface CleaningRule {
  /** How reports call it, such as `minimumRating(4)`. */
  readonly name: string;
  /** 1 for each row to keep, 0 for each to drop, shape [rows]. Must not change the log. */
  keep(log: InteractionLog): Uint8Array;
}

/** How many rows a rule dropped. */
export interface Removal {
  readonly rule: string;
  readonly rows: number;
}

/**
 * Applies rules in the order given, each to what the one before left.
 *
 * @param universe what becomes of items left without a row, `drop` by default
 * @throws TowerkitError `EMPTY_DATA` naming the rule that left nothing; what a rule throws
 */
export function clean(
  log: InteractionLog,
  rules: readonly CleaningRule[],
  universe: Universe = 'drop',
): { log: InteractionLog; removed: Removal[] } {
  const removed: Removal[] = [];
  for (const rule of rules) {
    const keep = rule.keep(log);
    let rows = 0;
    for (const mark of keep) if (mark === 0) rows++;
    if (rows === log.user.length)
      throw new TowerkitError('EMPTY_DATA', `the cleaning rule ${rule.name} leaves no interaction`);
    removed.push({ rule: rule.name, rows });
    if (rows > 0) log = filterRows(log, keep, universe);
  }
  return { log, removed };
}

/**
 * One row per user and item; in a log with kinds, per user, item and kind.
 *
 * @param keep which of several rows stays: the `first` (oldest, the default), the `last`, or `none` of them
 */
export function dedupe(keep: 'first' | 'last' | 'none' = 'first'): CleaningRule {
  return {
    name: `dedupe(${keep})`,
    keep({ user, item, items, kind }) {
      const marks = new Uint8Array(user.length).fill(1);
      const kinds = kind?.names.length ?? 1;
      const seenAt = new Int32Array(items.size * kinds).fill(-1); // the last row that holds the item
      let start = 0;
      for (let row = 0; row < user.length; row++) {
        if (row > 0 && user[row] !== user[row - 1]) start = row;
        const what = item[row] * kinds + (kind?.codes[row] ?? 0);
        const before = seenAt[what];
        if (before >= start) {
          if (keep !== 'first') marks[before] = 0;
          if (keep !== 'last') marks[row] = 0;
        }
        seenAt[what] = row;
      }
      return marks;
    },
  };
}

/** Rows rated `least` or more: turns ratings into "liked it". The log must have ratings (`MISSING_COLUMN`). */
export function minimumRating(least: number): CleaningRule {
  const name = `minimumRating(${least})`;
  return {
    name,
    keep: (log) => mark(requireValues(log.rating, 'rating', needs(name)), (rating) => rating >= least),
  };
}

/**
 * Rows with `from <= time < until`; either bound may be left out. The log must have times (`MISSING_COLUMN`).
 */
export function timeBounds({
  from = -Infinity,
  until = Infinity,
}: {
  from?: number;
  until?: number;
}): CleaningRule {
  const name = `timeBounds(${from}, ${until})`;
  return {
    name,
    keep: (log) => mark(requireValues(log.time, 'time', needs(name)), (time) => time >= from && time < until),
  };
}

/**
 * Leaves out users who are many people under one name, such as `anonymous`. Upper and lower case and extra
 * white space do not matter.
 */
export function dropUsers(names: readonly string[]): CleaningRule {
  const dropped = new Set(names.map(plain));
  return {
    name: `dropUsers(${names.join(', ')})`,
    keep({ users, user }) {
      const out = Uint8Array.from(users.names, (name) => (dropped.has(plain(name)) ? 1 : 0));
      return mark(user, (id) => out[id] === 0);
    },
  };
}

/** Who needs a column, for {@link requireValues}. */
export const needs = (rule: string) => `the cleaning rule ${rule} needs`;

const plain = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

/** 1 for each value to keep. */
export function mark(values: ArrayLike<number>, keeps: (value: number) => boolean): Uint8Array {
  const marks = new Uint8Array(values.length);
  for (let row = 0; row < marks.length; row++) marks[row] = keeps(values[row]) ? 1 : 0;
  return marks;
}
