import type { Rng } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { rowsWhere, takeRows } from '../filter-rows.js';
import type { InteractionLog } from '../interaction-log.js';
import { randomSplit } from '../random-split.js';
import { splitBy, TEST, TRAIN, VALIDATION, type Split } from '../split.js';
import { temporalSplit } from '../temporal-split.js';
import { HISTORY, TARGET, type RowUses } from './row-uses.js';

/** A log, what its rows are used for, and the part of the split that each belongs to. */
export interface FeedbackRows extends RowUses {
  readonly log: InteractionLog;
  /** {@link TRAIN}, {@link VALIDATION} or {@link TEST}: [rows]. Rows of a held-back part that are no targets are known after it alone. */
  readonly part: Uint8Array;
}

/**
 * Holds back each user's last target, or the last two, the later for test. What comes before the first of them is training
 * data; what comes after a target belongs to its part. Users keep all their rows in train who have no history before it.
 *
 * @returns part of each row, [rows]
 */
export function lastTargetsOut({ user }: InteractionLog, { uses }: RowUses, targets: 1 | 2): Uint8Array {
  const part = new Uint8Array(user.length);
  for (let start = 0, end = 0; start < user.length; start = end) {
    while (end < user.length && user[end] === user[start]) end++;
    const held: number[] = []; // from the last one on
    for (let row = end - 1; row >= start && held.length < targets; row--)
      if (uses[row] & TARGET) held.push(row);
    if (held.length < targets) continue;
    const first = held[held.length - 1];
    if (!uses.subarray(start, first).some((use) => use & HISTORY)) continue;
    part.fill(VALIDATION, first, end);
    if (targets === 2) part.fill(TEST, held[0], end);
  }
  return part;
}

/** Parts by time, of targets and others alike; see {@link temporalSplit}, also for what it throws. */
export function temporalParts(
  log: InteractionLog,
  at: { readonly validation: number; readonly test?: number },
): Uint8Array {
  const { rows } = temporalSplit(log, at);
  const part = new Uint8Array(log.user.length);
  for (const row of rows!.validation) part[row] = VALIDATION;
  for (const row of rows!.test ?? []) part[row] = TEST;
  return part;
}

/** Holds back a random fraction of the targets; all else is training data. See {@link randomSplit}, also for what it throws. */
export function randomParts(
  { users, items, user, item }: InteractionLog,
  { uses }: RowUses,
  fraction: { readonly validation: number; readonly test?: number },
  rng: Rng,
): Uint8Array {
  const targets = rowsWhere(uses.length, (row) => (uses[row] & TARGET) !== 0);
  const { rows } = randomSplit(takeRows({ users, items, user, item }, targets), fraction, rng);
  const part = new Uint8Array(uses.length);
  for (const row of rows!.validation) part[targets[row]] = VALIDATION;
  for (const row of rows!.test ?? []) part[targets[row]] = TEST;
  return part;
}

/** Of no part. */
const NONE = 3;

/**
 * The split that parts make: in train what enters a history or is a target, in the others their targets.
 *
 * @throws TowerkitError `EMPTY_SPLIT` naming the part that got no row, `SHAPE_MISMATCH`
 */
export function feedbackSplit({ log, uses, part }: FeedbackRows, withTest = false): Split {
  if (part.length !== uses.length)
    throw new TowerkitError('SHAPE_MISMATCH', `${uses.length} rows but ${part.length} parts`);
  const counted = part.map((own, row) =>
    uses[row] & (own === TRAIN ? HISTORY | TARGET : TARGET) ? own : NONE,
  );
  return splitBy(log, counted, withTest);
}
