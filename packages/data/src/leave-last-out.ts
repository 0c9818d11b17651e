import type { InteractionLog } from './interaction-log.js';
import { splitBy, TEST, TRAIN, VALIDATION, type Split } from './split.js';

/**
 * Each user's last row is the validation target, the rows before it are training data. Users with a single row
 * keep it in train and have no target.
 *
 * @throws TowerkitError `EMPTY_SPLIT` when no user has two rows
 */
export function leaveLastOut(log: InteractionLog): Split {
  return splitBy(
    log,
    partsFromTheEnd(log, (fromEnd, length) => (fromEnd === 0 && length >= 2 ? VALIDATION : TRAIN)),
  );
}

/**
 * Each user's last row is the test target, the one before it the validation target, the rest training data.
 * Users with fewer than three rows keep them all in train.
 *
 * @throws TowerkitError `EMPTY_SPLIT` when no user has three rows
 */
export function leaveLastTwoOut(log: InteractionLog): Split {
  const part = partsFromTheEnd(log, (fromEnd, length) =>
    length < 3 || fromEnd > 1 ? TRAIN : fromEnd === 0 ? TEST : VALIDATION,
  );
  return splitBy(log, part, true);
}

function partsFromTheEnd(
  { user }: InteractionLog,
  partAt: (fromEnd: number, length: number) => number,
): Uint8Array {
  const part = new Uint8Array(user.length);
  for (let start = 0, end = 0; start < user.length; start = end) {
    while (end < user.length && user[end] === user[start]) end++;
    for (let row = start; row < end; row++) part[row] = partAt(end - 1 - row, end - start);
  }
  return part;
}
