import { CsrMatrix } from '@towerkit/core';

import { gather, rowsWhere } from '../filter-rows.js';
import type { InteractionLog } from '../interaction-log.js';
import { TRAIN } from '../split.js';
import type { FeedbackRows } from './row-parts.js';
import { DISLIKE, HISTORY, TAKEN, TARGET } from './row-uses.js';
import { trainingWeights } from './training-weights.js';

/** Targets with what is known by then: by user, then by `seen`. The same as the `Examples` that towers are trained on. */
export interface RowExamples {
  /** [examples]. */
  readonly users: Int32Array;
  /** Target of each: [examples]. */
  readonly items: Int32Array;
  /** Items of the user's history before it: [examples]. */
  readonly seen: Int32Array;
  /** Row of the log: [examples]. */
  readonly rows: Int32Array;
  /** Above 0: [examples]; absent where all weigh the same. */
  readonly weights?: Float32Array;
  /** [examples]; absent in a log without ratings. */
  readonly ratings?: Float32Array;
}

/** What models learn from, each matrix users x items. */
export interface LearningRows {
  /** Rows that enter a history or are targets, oldest first, with weights as values where there are any: for models that know no histories. */
  readonly interactions: CsrMatrix;
  /** Rows that enter a history, oldest first, with ratings as values where there are any. */
  readonly histories: CsrMatrix;
  readonly examples: RowExamples;
  /** See {@link dislikedOf}. */
  readonly disliked: CsrMatrix;
}

/**
 * What there is to learn from the rows of the first parts of a split. Weights are divided by their mean over the rows that weigh
 * something, so that it is 1.
 *
 * @param options.last the last part to learn from: train (default), or validation for a refit
 * @param options.halfLife in days; see `WeightRule`
 * @param options.first whether targets before which no history is known are examples too. Default false
 * @example
 * ```ts
 * const uses = rowUses(log, { kinds: { view: { target: false }, buy: {} } });
 * const { examples } = learningRows({ log, ...uses, part: lastTargetsOut(log, uses, 1) });
 * ```
 */
export function learningRows(
  rows: FeedbackRows,
  { last = TRAIN, halfLife, first = false }: { last?: number; halfLife?: number; first?: boolean } = {},
): LearningRows {
  const { log, uses, part } = rows;
  const those = (use: number) =>
    rowsWhere(uses.length, (row) => part[row] <= last && (uses[row] & use) !== 0);
  const interactions = those(HISTORY | TARGET);
  const weights = trainingWeights(rows, interactions, halfLife);
  return {
    interactions: matrixOf(log, interactions, weights && pick(weights, interactions)),
    histories: historiesOf(rows, (own) => own <= last),
    examples: examplesOf(rows, interactions, weights, first),
    disliked: dislikedOf(rows, (own) => own <= last),
  };
}

/** Rows that enter histories, of the parts asked for, oldest first: users x items, with ratings as values where there are any. */
export function historiesOf(rows: FeedbackRows, ofPart: (part: number) => boolean = () => true): CsrMatrix {
  const { log, uses, part } = rows;
  const those = rowsWhere(uses.length, (row) => ofPart(part[row]) && (uses[row] & HISTORY) !== 0);
  return matrixOf(log, those, log.rating && pick(log.rating, those));
}

/** Items that users took, of the parts asked for, each once: users x items. */
export function takenOf(rows: FeedbackRows, ofPart: (part: number) => boolean = () => true): CsrMatrix {
  const { log, uses, part } = rows;
  const those = rowsWhere(uses.length, (row) => ofPart(part[row]) && (uses[row] & TAKEN) !== 0);
  const owner = new Int32Array(log.items.size).fill(-1);
  const once = those.filter((row) => {
    const fresh = owner[log.item[row]] !== log.user[row];
    owner[log.item[row]] = log.user[row];
    return fresh;
  });
  return matrixOf(log, once);
}

function examplesOf(
  { log, uses }: FeedbackRows,
  those: Int32Array,
  weights: Float32Array | undefined,
  first: boolean,
): RowExamples {
  const rows: number[] = [];
  const seen: number[] = [];
  let known = 0;
  let user = -1;
  for (const row of those) {
    if (log.user[row] !== user) [user, known] = [log.user[row], 0];
    const counts = (uses[row] & TARGET) !== 0 && (weights === undefined || weights[row] > 0);
    if (counts && (known > 0 || first)) {
      rows.push(row);
      seen.push(known);
    }
    if (uses[row] & HISTORY) known++;
  }
  const of = Int32Array.from(rows);
  return {
    users: of.map((row) => log.user[row]),
    items: of.map((row) => log.item[row]),
    seen: Int32Array.from(seen),
    rows: of,
    ...(weights && { weights: pick(weights, of) }),
    ...(log.rating && { ratings: pick(log.rating, of) }),
  };
}

/**
 * Items that users do not want, by the rows of the parts asked for, each once: users x items. Somebody who takes the item after
 * all takes the dislike back.
 */
export function dislikedOf(
  { log, uses, part }: FeedbackRows,
  ofPart: (part: number) => boolean = () => true,
): CsrMatrix {
  const lists: number[][] = log.users.names.map(() => []);
  const own = new Set<number>();
  for (let row = 0; row < uses.length; row++) {
    const user = log.user[row];
    if (ofPart(part[row])) {
      if (uses[row] & DISLIKE) own.add(log.item[row]);
      else if (uses[row] & TAKEN) own.delete(log.item[row]);
    }
    if (row + 1 === uses.length || log.user[row + 1] !== user) {
      lists[user] = [...own];
      own.clear();
    }
  }
  return CsrMatrix.fromRows(lists, log.items.size);
}

const pick = (values: Float32Array, rows: Int32Array) => gather(new Float32Array(rows.length), values, rows);

/** @param rows of the log, ascending */
function matrixOf(
  { users, items, user, item }: InteractionLog,
  rows: Int32Array,
  values?: Float32Array,
): CsrMatrix {
  const indptr = new Int32Array(users.size + 1);
  for (const row of rows) indptr[user[row] + 1]++;
  for (let u = 0; u < users.size; u++) indptr[u + 1] += indptr[u];
  return new CsrMatrix(
    users.size,
    items.size,
    indptr,
    rows.map((row) => item[row]),
    values,
  );
}
