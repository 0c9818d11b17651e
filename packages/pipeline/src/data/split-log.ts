import { CsrMatrix, Rng } from '@towerkit/core';
import {
  leaveLastOut,
  leaveLastTwoOut,
  randomSplit,
  temporalSplit,
  type InteractionLog,
  type Split,
} from '@towerkit/data';

import type { ResolvedConfig } from '../config/schema.js';
import { temporalBounds } from './temporal-bounds.js';

/** How a config splits a log. */
export type SplitRule = NonNullable<ResolvedConfig['split']>;

/** Splits a log as the config says; the same seed gives the same random split. */
export function splitLog(log: InteractionLog, split: SplitRule, seed: number): Split {
  switch (split.kind) {
    case 'leave-last-out':
      return leaveLastOut(log);
    case 'leave-last-two-out':
      return leaveLastTwoOut(log);
    case 'temporal':
      return temporalSplit(log, temporalBounds(log, split));
    case 'random':
      return randomSplit(log, split, new Rng(seed).fork('split'));
  }
}

/** The targets of users with a history; the others cannot be evaluated. */
export function targetsWithHistory(
  targets: CsrMatrix,
  histories: CsrMatrix,
): { targets: CsrMatrix; unknownUsers: number } {
  const indptr = new Int32Array(targets.rows + 1);
  const indices: number[] = [];
  let unknownUsers = 0;
  for (let user = 0; user < targets.rows; user++) {
    const own = targets.row(user);
    if (histories.indptr[user + 1] > histories.indptr[user]) indices.push(...own);
    else if (own.length > 0) unknownUsers++;
    indptr[user + 1] = indices.length;
  }
  return {
    targets: new CsrMatrix(targets.rows, targets.cols, indptr, Int32Array.from(indices)),
    unknownUsers,
  };
}
