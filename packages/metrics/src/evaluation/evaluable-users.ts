import { TowerkitError } from '../errors.js';
import type { CsrRows } from './csr-rows.js';

/** Users who could not be evaluated, by reason; each is counted once. */
export interface LeftOut {
  /** Every known target repeats an item of the user's own history. */
  readonly repeat: number;
  /** The user is given as -1: the model does not know them. */
  readonly unknownUser: number;
  /** Every target is -1: the catalog does not know it. */
  readonly unknownItem: number;
  /** The user has no target at all. */
  readonly noTarget: number;
}

/** Users to evaluate, each with at least one target that is known and new to them. */
export interface EvaluableUsers {
  /** User ids, in the order given. */
  readonly users: Int32Array;
  /** Their targets, each once: row `i` belongs to `users[i]`. */
  readonly targets: CsrRows;
  readonly leftOut: LeftOut;
}

/**
 * Sorts users into those who can be evaluated and those left out. Single targets that repeat the history, or that
 * the catalog does not know, are dropped; a user is left out when no target remains.
 *
 * @param users user ids, -1 for an unknown one
 * @param histories items per user id
 * @param targets items per user id
 * @param items number of items
 * @throws TowerkitError `BAD_USER` for an id that is no row, `DUPLICATE_USER` for one given twice
 */
export function evaluableUsers(
  users: ArrayLike<number>,
  histories: CsrRows,
  targets: CsrRows,
  items: number,
): EvaluableUsers {
  const rows = histories.indptr.length - 1;
  const leftOut = { repeat: 0, unknownUser: 0, unknownItem: 0, noTarget: 0 };
  const kept = new Int32Array(users.length);
  const indptr = new Int32Array(users.length + 1);
  const indices: number[] = [];
  const given = new Uint8Array(rows);
  // An item is in the history of, or already a target of, the user whose place + 1 stands here.
  const inHistory = new Int32Array(items);
  const inTargets = new Int32Array(items);
  let count = 0;
  for (let place = 0; place < users.length; place++) {
    const user = users[place];
    if (user === -1) {
      leftOut.unknownUser++;
      continue;
    }
    if (!(Number.isInteger(user) && user >= 0 && user < rows))
      throw new TowerkitError('BAD_USER', `user ${user} is outside [0, ${rows})`, { details: { user } });
    if (given[user]++)
      throw new TowerkitError('DUPLICATE_USER', `user ${user} is given twice`, { details: { user } });
    for (let i = histories.indptr[user]; i < histories.indptr[user + 1]; i++)
      if (histories.indices[i] >= 0) inHistory[histories.indices[i]] = place + 1;
    let repeats = 0;
    const before = indices.length;
    for (let i = targets.indptr[user]; i < targets.indptr[user + 1]; i++) {
      const item = targets.indices[i];
      if (item < 0 || inTargets[item] === place + 1) continue;
      if (inHistory[item] === place + 1) {
        repeats++;
        continue;
      }
      inTargets[item] = place + 1;
      indices.push(item);
    }
    if (indices.length > before) {
      kept[count++] = user;
      indptr[count] = indices.length;
    } else if (targets.indptr[user] === targets.indptr[user + 1]) leftOut.noTarget++;
    else if (repeats > 0) leftOut.repeat++;
    else leftOut.unknownItem++;
  }
  return {
    users: kept.slice(0, count),
    targets: { indptr: indptr.slice(0, count + 1), indices: Int32Array.from(indices) },
    leftOut,
  };
}
