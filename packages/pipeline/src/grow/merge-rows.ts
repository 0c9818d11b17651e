import { CsrMatrix, Rng, Vocabulary } from '@towerkit/core';
import { toHistories, type InteractionLog } from '@towerkit/data';
import type { Examples } from '@towerkit/training';

import { idsIn } from '../data/matrix-rows.js';

/** Rows that were known, and new ones behind them. */
export interface MergedRows {
  /** Those known keep their ids; new ones follow. */
  readonly users: Vocabulary;
  readonly items: Vocabulary;
  /** Users x items: what was known of each user, then what is new, oldest first. */
  readonly histories: CsrMatrix;
  /** Items of each user's history that were learned before, the oldest ones: [users]. */
  readonly learned: Int32Array;
}

/**
 * Appends the rows of a log to histories; users and items that are new get the next ids, in the order of the log.
 *
 * @param old its histories with what was held back, and those that were trained on
 */
export function mergeRows(
  old: {
    readonly users: Vocabulary;
    readonly items: Vocabulary;
    readonly histories: CsrMatrix;
    readonly trained: CsrMatrix;
  },
  log: InteractionLog,
): MergedRows {
  const rows = toHistories(log);
  const users = grown(old.users, log.users, (user) => rows.indptr[user + 1] > rows.indptr[user]);
  const counts = rows.columnCounts();
  const items = grown(old.items, log.items, (item) => counts[item] > 0);
  const ids = idsIn(log.items.names, items);
  const learned = new Int32Array(users.size);
  const lists = users.names.map((name, user) => {
    const before = user < old.users.size ? Array.from(old.histories.row(user)) : [];
    if (user < old.users.size) learned[user] = old.trained.row(user).length;
    const row = log.users.indexOf(name);
    return row === undefined ? before : [...before, ...Array.from(rows.row(row), (item) => ids[item])];
  });
  return { users, items, learned, histories: CsrMatrix.fromRows(lists, items.size) };
}

/** The names known, and those of others that come up. */
function grown(known: Vocabulary, others: Vocabulary, comesUp: (id: number) => boolean): Vocabulary {
  const more = others.names.filter((name, id) => known.indexOf(name) === undefined && comesUp(id));
  return new Vocabulary([...known.names, ...more]);
}

/**
 * What an update learns from: every row that was not learned yet after those before it, and others drawn at random, so that
 * they are not forgotten.
 *
 * @param replay old examples for each new one; all there are where that is fewer
 * @param first whether first items are examples, too, before which nothing is known but the user
 */
export function updateExamples(
  { histories, learned }: Pick<MergedRows, 'histories' | 'learned'>,
  { replay, seed, first }: { readonly replay: number; readonly seed: number; readonly first: boolean },
): Examples & { readonly replayed: number } {
  const { indptr, indices, rows } = histories;
  const least = first ? 0 : 1;
  let [fresh, old] = [0, 0];
  for (let user = 0; user < rows; user++) {
    const length = indptr[user + 1] - indptr[user];
    fresh += Math.max(0, length - Math.max(least, learned[user]));
    old += Math.max(0, learned[user] - least);
  }
  const replayed = Math.min(old, Math.round(replay * fresh));
  const users = new Int32Array(fresh + replayed);
  const items = new Int32Array(users.length);
  const seen = new Int32Array(users.length);
  const rng = new Rng(seed).fork('replay');
  let at = 0;
  let [left, wanted] = [old, replayed];
  for (let user = 0; user < rows; user++)
    for (let place = least; place < indptr[user + 1] - indptr[user]; place++) {
      if (place < learned[user]) {
        // Selection sampling (Knuth's algorithm S): each old example is as likely.
        const isDrawn = rng.uniform() * left-- < wanted;
        if (!isDrawn) continue;
        wanted--;
      }
      users[at] = user;
      items[at] = indices[indptr[user] + place];
      seen[at++] = place;
    }
  return { users, items, seen, replayed };
}
