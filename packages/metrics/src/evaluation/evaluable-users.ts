import { TowerkitError } from '../errors.js';
import type { CsrRows } from './csr-rows.js';
import type { Repeats, UnknownItems } from './target-rules.js';

/** Users who could not be evaluated, by reason; each is counted once. */
export interface LeftOut {
  /** Every known target repeats an item of the user's own history; 0 unless repeats are excluded. */
  readonly repeat: number;
  /** No target is in the user's own history; 0 unless repeats are all that is ranked. */
  readonly newItem: number;
  /** The user is given as -1: the model does not know them. */
  readonly unknownUser: number;
  /** Every target is -1: the catalog does not know it; 0 where those count as missed. */
  readonly unknownItem: number;
  /** The user has no target at all. */
  readonly noTarget: number;
}

/** Targets that are none under the evaluation's `repeats`, each item of a user once, of the users left out too. */
export interface LeftOutTargets {
  /** They repeat an item of the user's own history; 0 unless repeats are excluded. */
  readonly repeat: number;
  /** They are new to the user, those of -1 included where they count as missed; 0 unless repeats are all that is ranked. */
  readonly newItem: number;
}

/** Users to evaluate, each with at least one target that is known and ranked. */
export interface EvaluableUsers {
  /** User ids, in the order given. */
  readonly users: Int32Array;
  /** Their targets, each once: row `i` belongs to `users[i]`. */
  readonly targets: CsrRows;
  /** Targets of each that the catalog does not know and that count as missed, shape [n]. */
  readonly missed: Int32Array;
  readonly leftOut: LeftOut;
  readonly leftOutTargets: LeftOutTargets;
}

/**
 * Sorts users into those who can be evaluated and those left out. Single targets that are not ranked (they repeat the
 * history, or with `only` do not), or that the catalog does not know, are dropped; a user is left out when no target remains.
 *
 * @param users user ids, -1 for an unknown one
 * @param histories items per user id
 * @param targets items per user id
 * @param items number of items
 * @param repeats what becomes of items of the history
 * @param unknownItems what becomes of targets that are -1
 * @throws TowerkitError `BAD_USER` for an id that is no row, `DUPLICATE_USER` for one given twice
 */
export function evaluableUsers(
  users: ArrayLike<number>,
  histories: CsrRows,
  targets: CsrRows,
  items: number,
  repeats: Repeats = 'exclude',
  unknownItems: UnknownItems = 'leave-out',
): EvaluableUsers {
  const rows = histories.indptr.length - 1;
  const leftOut = { repeat: 0, newItem: 0, unknownUser: 0, unknownItem: 0, noTarget: 0 };
  const leftOutTargets = { repeat: 0, newItem: 0 };
  const kept = new Int32Array(users.length);
  const indptr = new Int32Array(users.length + 1);
  const indices: number[] = [];
  const missed = new Int32Array(users.length);
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
    let dropped = 0;
    let unknown = 0;
    const before = indices.length;
    for (let i = targets.indptr[user]; i < targets.indptr[user + 1]; i++) {
      const item = targets.indices[i];
      if (item < 0) unknown++;
      if (item < 0 || inTargets[item] === place + 1) continue;
      inTargets[item] = place + 1;
      const isRepeat = inHistory[item] === place + 1;
      if (repeats === 'allow' || isRepeat === (repeats === 'only')) indices.push(item);
      else dropped++;
    }
    const reason = repeats === 'only' ? 'newItem' : 'repeat';
    // What nobody knows is in no history: it is new, too.
    if (unknownItems === 'leave-out') unknown = 0;
    else if (repeats === 'only') {
      dropped += unknown;
      unknown = 0;
    }
    leftOutTargets[reason] += dropped;
    if (indices.length > before || unknown > 0) {
      missed[count] = unknown;
      kept[count++] = user;
      indptr[count] = indices.length;
    } else if (targets.indptr[user] === targets.indptr[user + 1]) leftOut.noTarget++;
    else if (dropped > 0) leftOut[reason]++;
    else leftOut.unknownItem++;
  }
  return {
    users: kept.slice(0, count),
    targets: { indptr: indptr.slice(0, count + 1), indices: Int32Array.from(indices) },
    missed: missed.slice(0, count),
    leftOut,
    leftOutTargets,
  };
}
