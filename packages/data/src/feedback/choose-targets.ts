import type { CsrMatrix } from '@towerkit/core';

import { TowerkitError } from '../errors.js';

/** Which rows are targets of training, and how much is known by then. */
export interface TargetRule {
  /**
   * Days that a target may lie ahead. Time is cut into periods of so many days, back from the last time; those of a user in one
   * period see what was known before the first of them. 0: rows of the same time, such as those of one basket, do not see each
   * other. Default: each sees all before it.
   */
  readonly horizon?: number;
  /** Whether items that the user had before are targets. Default true. */
  readonly repeats?: boolean;
}

/** Targets with what is known by then, by user, then by `seen`; see `RowExamples`. */
export interface TargetColumns {
  readonly users: Int32Array;
  readonly items: Int32Array;
  readonly seen: Int32Array;
}

/** Which targets stay, and what is known by then. */
export interface ChosenTargets {
  /** Places of the targets that stay, ascending: [chosen]. */
  readonly places: Int32Array;
  /** Items of the history before each: [chosen]. */
  readonly seen: Int32Array;
}

const DAY = 86_400;

/**
 * Chooses targets that are like what a model will be asked. Rows of a basket tell much of each other and nothing of what will be
 * bought in a month; and somebody's hundredth purchase of milk says little of what they may come to like.
 *
 * @param targets by user, then by time. With a horizon give also those before which nothing is known (`first: true`), since the first
 *   target of a period says what is known in it
 * @param histories users x items, oldest first
 * @param times seconds of each target, [targets]; needed, and read, only where there is a horizon
 * @throws TowerkitError `BAD_OPTION` for a horizon that is no number of days, or has no times; `SHAPE_MISMATCH` for more or fewer times
 *   than targets; `BAD_VALUE` for a time that is not finite
 * @example
 * ```ts
 * const { examples, histories } = learningRows({ log, ...uses, part }, { first: true });
 * const { time = [] } = log;
 * const times = Float64Array.from(examples.rows, (row) => time[row]);
 * const { places, seen } = chooseTargets(examples, histories, { horizon: 28, repeats: false }, times);
 * ```
 */
export function chooseTargets(
  { users, items, seen }: TargetColumns,
  { indptr, indices, cols }: CsrMatrix,
  { horizon, repeats = true }: TargetRule,
  times?: ArrayLike<number>,
): ChosenTargets {
  if (horizon !== undefined && !(horizon >= 0 && horizon < Infinity))
    throw new TowerkitError('BAD_OPTION', `a horizon is a number of days from 0 on, got ${horizon}`, {
      details: { option: 'horizon' },
    });
  const periodOf = horizon === undefined ? undefined : periods(horizon, checkedTimes(times, users.length));
  const ownerOf = new Int32Array(cols).fill(-1);
  const places: number[] = [];
  const known: number[] = [];
  let user = -1;
  let period = NaN;
  let before = 0;
  let read = 0;
  for (let place = 0; place < users.length; place++) {
    const same = users[place] === user;
    if (!same) [user, read] = [users[place], indptr[users[place]]];
    const own = periodOf ? periodOf(place) : place;
    if (!same || own !== period) [period, before] = [own, seen[place]];
    for (; read < indptr[user] + seen[place]; read++) ownerOf[indices[read]] = user;
    if (!repeats && ownerOf[items[place]] === user) continue;
    places.push(place);
    known.push(before);
  }
  return { places: Int32Array.from(places), seen: Int32Array.from(known) };
}

/** One time that is no number would be in no period, and the last time of all. */
function checkedTimes(times: ArrayLike<number> | undefined, targets: number): ArrayLike<number> {
  if (!times)
    throw new TowerkitError('BAD_OPTION', 'a horizon needs the times of the targets', {
      hint: 'give the seconds of each target as the last argument, or no horizon',
      details: { option: 'times' },
    });
  if (times.length !== targets)
    throw new TowerkitError('SHAPE_MISMATCH', `${targets} targets but ${times.length} times`);
  for (let place = 0; place < targets; place++)
    if (!Number.isFinite(times[place]))
      throw new TowerkitError(
        'BAD_VALUE',
        `target ${place}: its time is ${times[place]}, which is not finite`,
        {
          details: { place },
        },
      );
  return times;
}

/** The number of the period of each place, counted back from the last; periods of no length are the times themselves. */
function periods(days: number, times: ArrayLike<number>): (place: number) => number {
  if (days === 0) return (place) => times[place];
  let last = -Infinity;
  for (let place = 0; place < times.length; place++) last = Math.max(last, times[place]);
  return (place) => Math.floor((last - times[place]) / (days * DAY));
}
