import { requireCount } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import { filterRows } from './filter-rows.js';
import type { InteractionLog } from './interaction-log.js';

/**
 * The largest part of a log in which every user has `users` rows or more and every item `items` rows or more
 * (Seidman 1983, on a bipartite graph): drops and counts again until nothing changes. Repeats count as rows.
 *
 * @param least.users fewest rows per user, 1 by default
 * @param least.items fewest rows per item, 1 by default
 * @returns a log with new dense ids; items without a row are gone
 * @throws TowerkitError `EMPTY_DATA` when nothing is left, `BAD_OPTION`
 */
export function kCore(log: InteractionLog, least: { users?: number; items?: number }): InteractionLog {
  const { users = 1, items = 1 } = least;
  requireCount('users', users, 0);
  requireCount('items', items, 0);
  const perUser = counts(log.user, log.users.size);
  const perItem = counts(log.item, log.items.size);
  const rows = Int32Array.from(log.user.keys());
  let left = rows.length;
  for (let before = -1; before !== left;) {
    before = left;
    left = 0;
    for (let k = 0; k < before; k++) {
      const row = rows[k];
      if (perUser[log.user[row]] >= users && perItem[log.item[row]] >= items) rows[left++] = row;
      else {
        perUser[log.user[row]]--;
        perItem[log.item[row]]--;
      }
    }
  }
  const keep = new Uint8Array(rows.length);
  for (let k = 0; k < left; k++) keep[rows[k]] = 1;
  if (left === 0)
    throw new TowerkitError('EMPTY_DATA', `no interaction is left in the (${users}, ${items})-core`);
  return filterRows(log, keep);
}

function counts(ids: Int32Array, size: number): Int32Array {
  const counted = new Int32Array(size);
  for (const id of ids) counted[id]++;
  return counted;
}
