import { Rng } from '@towerkit/core';

import { encodeInteractions, type InteractionArrays, type InteractionLog } from '../src/index.js';

/** Random interactions with many ties in time and many repeats. */
export function randomArrays(seed: number, rows = 120, users = 12, items = 9) {
  const rng = new Rng(seed);
  const draw = (bound: number) => Array.from({ length: rows }, () => rng.integer(bound));
  return {
    user: draw(users).map((u) => `u${u}`),
    item: draw(items).map((i) => `00${i}`),
    time: draw(7),
    rating: draw(5).map((r) => r + 1),
  } satisfies InteractionArrays;
}

export const randomLog = (seed: number, rows?: number, users?: number, items?: number) =>
  encodeInteractions(randomArrays(seed, rows, users, items));

/** A row as an object, for oracles. */
export interface Row {
  user: string;
  item: string;
  time?: number;
  rating?: number;
}

export const rowsOf = (log: InteractionLog): Row[] =>
  Array.from(log.user, (user, row) => ({
    user: log.users.nameOf(user),
    item: log.items.nameOf(log.item[row]),
    ...(log.time && { time: log.time[row] }),
    ...(log.rating && { rating: log.rating[row] }),
  }));

/** The order a log must have: by user's first appearance, then time, then as given. */
export function sortedRows(arrays: ReturnType<typeof randomArrays>): Row[] {
  const rows = arrays.user.map((user, k) => ({
    user,
    item: arrays.item[k],
    time: arrays.time[k],
    rating: arrays.rating[k],
    at: k,
  }));
  const first = [...new Set(arrays.user)];
  rows.sort((a, b) => first.indexOf(a.user) - first.indexOf(b.user) || a.time - b.time || a.at - b.at);
  return rows.map(({ user, item, time, rating }) => ({ user, item, time, rating }));
}
