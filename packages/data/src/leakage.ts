import type { CsrMatrix } from '@towerkit/core';

import type { InteractionLog } from './interaction-log.js';
import type { Split } from './split.js';

/** How far a part's targets are from being honest questions about the future. */
export interface Leakage {
  /** Targets in the part. */
  readonly targets: number;
  /** Users with a target. */
  readonly users: number;
  /**
   * Targets older than the newest row of their user's history: of the log's order, a tie in time aside.
   * Undefined for a split without `rows`.
   */
  readonly targetsEarlierThanHistory: number | undefined;
  /** Targets whose item is in their user's history already. */
  readonly repeats: number;
  /** Targets whose item nobody has in train: no model of ids can find them. */
  readonly unknownItems: number;
  /** Users with a target and nothing in train. */
  readonly unknownUsers: number;
}

/**
 * Checks the targets of each part against what a model knows when it is asked: for validation, the training
 * rows; for test, training and validation rows. Items and users count as known by train alone.
 */
export function leakageReport(split: Split, log: InteractionLog): { validation: Leakage; test?: Leakage } {
  const { train, validation, test, rows } = split;
  const history: Part[] = [{ matrix: train, rows: rows?.train }];
  const first = leakage(log, train, history, { matrix: validation, rows: rows?.validation });
  if (test === undefined) return { validation: first };
  history.push({ matrix: validation, rows: rows?.validation });
  return { validation: first, test: leakage(log, train, history, { matrix: test, rows: rows?.test }) };
}

interface Part {
  readonly matrix: CsrMatrix;
  readonly rows: Int32Array | undefined;
}

function leakage(log: InteractionLog, train: CsrMatrix, history: readonly Part[], targets: Part): Leakage {
  const { matrix, rows } = targets;
  const known = train.columnCounts();
  const owner = new Int32Array(matrix.cols).fill(-1); // the last user whose history was seen to hold the item
  const found = { targets: matrix.entries, users: 0, repeats: 0, unknownItems: 0, unknownUsers: 0 };
  let early = 0;
  for (let user = 0; user < matrix.rows; user++) {
    if (matrix.indptr[user] === matrix.indptr[user + 1]) continue;
    found.users++;
    if (train.indptr[user] === train.indptr[user + 1]) found.unknownUsers++;
    let newest = -1;
    for (const part of history) {
      for (const item of part.matrix.row(user)) owner[item] = user;
      const end = part.matrix.indptr[user + 1];
      if (part.rows && end > part.matrix.indptr[user]) newest = Math.max(newest, part.rows[end - 1]);
    }
    for (let k = matrix.indptr[user]; k < matrix.indptr[user + 1]; k++) {
      const item = matrix.indices[k];
      if (owner[item] === user) found.repeats++;
      if (known[item] === 0) found.unknownItems++;
      if (rows && rows[k] < newest && !(log.time && log.time[rows[k]] === log.time[newest])) early++;
    }
  }
  return { ...found, targetsEarlierThanHistory: rows && early };
}
