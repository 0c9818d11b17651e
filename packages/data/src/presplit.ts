import { CsrMatrix, Vocabulary } from '@towerkit/core';

import { IdEncoder } from './id-encoder.js';
import type { InteractionLog } from './interaction-log.js';
import type { Split } from './split.js';

/** Logs that were read from files of their own, one for each part of a split. */
export interface SplitLogs {
  readonly train: InteractionLog;
  readonly validation: InteractionLog;
  readonly test?: InteractionLog;
}

/**
 * Puts the parts of a split that came as files of their own under one set of ids: the training part's first, then
 * what is new in the others.
 *
 * @returns all rows as one log, a user's rows part by part, and the split, without `rows`
 */
export function presplit({ train, validation, test }: SplitLogs): { log: InteractionLog; split: Split } {
  const logs = [train, validation, ...(test ? [test] : [])];
  const users = new IdEncoder();
  const items = new IdEncoder(train.items.names);
  const parts = logs.map((log) => {
    const userIds = log.users.names.map((name) => users.idOf(name));
    const itemIds = log.items.names.map((name) => items.idOf(name));
    return {
      user: log.user.map((user) => userIds[user]),
      item: log.item.map((item) => itemIds[item]),
      rating: log.rating,
    };
  });
  const [rows, cols] = [users.names.length, items.names.length];
  const matrices = parts.map(({ user, item, rating }) => CsrMatrix.fromPairs(rows, cols, user, item, rating));
  const joined = (pick: (part: (typeof parts)[number]) => ArrayLike<number>) =>
    parts.flatMap((part) => Array.from(pick(part)));
  const rated = logs.every(({ rating }) => rating !== undefined);
  const all = CsrMatrix.fromPairs(
    rows,
    cols,
    joined(({ user }) => user),
    joined(({ item }) => item),
    rated ? joined(({ rating }) => rating!) : undefined,
  );
  const user = new Int32Array(all.entries);
  for (let row = 0; row < rows; row++) user.fill(row, all.indptr[row], all.indptr[row + 1]);
  return {
    log: {
      users: new Vocabulary(users.names),
      items: new Vocabulary(items.names),
      user,
      item: all.indices,
      ...(all.values && { rating: all.values }),
    },
    split: { train: matrices[0], validation: matrices[1], ...(test && { test: matrices[2] }) },
  };
}
