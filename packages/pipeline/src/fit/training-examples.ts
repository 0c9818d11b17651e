import { concatRows } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import { chooseTargets, type InteractionLog } from '@towerkit/data';
import { isMoment, type TwoTower } from '@towerkit/towers';
import { nextItems, type Examples } from '@towerkit/training';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import type { LearnedParts } from '../data/feedback.js';
import type { Prepared } from '../data/prepare.js';
import { momentsAt } from '../data/prepare-moments.js';
import { secondsOf } from '../data/seconds-of.js';
import type { TrainingRows } from './training-rows.js';

const readsMoments = ({ userInputs }: TwoTower): boolean => Object.values(userInputs).some(isMoment);

/**
 * Whether there is something to learn from before a history: the user tower reads features of users, or moments, or the model
 * predicts ratings, which need no history.
 */
export const readsMore = (model: TwoTower): boolean =>
  model.rating !== undefined ||
  readsMoments(model) ||
  Object.values(model.userInputs).some((input) => input.kind !== 'history' && input.of !== 'id');

/**
 * The examples of a model that reads more than histories, or of rows that count as something. Of a newcomer nothing but features
 * and the moment is known, and first items teach what to make of them. Each example has the moment of its target.
 *
 * @returns `undefined` for the usual examples
 */
export function examplesOf(
  model: TwoTower,
  { histories, examples }: Pick<TrainingRows, 'histories' | 'examples'>,
  { moments, split, log }: Pick<Prepared, 'moments' | 'split' | 'log'>,
  parts: LearnedParts,
  rule?: ResolvedConfig['targets'],
): Examples | undefined {
  const first = readsMore(model);
  // The usual ones are as many as there are entries, in their order.
  const all =
    examples ?? (rule || first ? nextItems(histories, { first: first || rule !== undefined }) : undefined);
  if (!all) return undefined;
  const rowsOfAll = () => examples?.rows ?? logRowsOf(split, split.rows, log.user.length, parts);
  const reads = moments !== undefined && readsMoments(model);
  if (!rule) return reads ? { ...all, moments: momentsAt(moments, rowsOfAll()) } : all;
  const times = rule.horizon === undefined ? undefined : timesOf(rowsOfAll(), log, rule.timeUnit);
  const chosen = chooseTargets(all, histories, rule, times);
  const places = first ? chosen.places : chosen.places.filter((_, place) => chosen.seen[place] > 0);
  const seen = first ? chosen.seen : chosen.seen.filter((known) => known > 0);
  if (places.length === 0)
    throw badConfig(
      'targets: no row is left to learn from; take a shorter horizon, or let repeats be targets',
    );
  const { users, items, weights, ratings } = all;
  return {
    ...{ users: at(users, places), items: at(items, places), seen },
    ...(weights && { weights: at(weights, places) }),
    ...(ratings && { ratings: at(ratings, places) }),
    ...(reads && { moments: momentsAt(moments, at(rowsOfAll(), places)) }),
  };
}

/** Seconds of rows of the log. */
function timesOf(rows: Int32Array, log: InteractionLog, unit: 'seconds' | 'milliseconds'): Float64Array {
  const seconds = secondsOf(log, 'targets.horizon', unit);
  return Float64Array.from(rows, (row) => seconds[row]);
}

const at = <T extends Int32Array | Float32Array>(values: T, places: Int32Array): T => {
  const taken = new (values.constructor as new (length: number) => T)(places.length);
  places.forEach((from, place) => (taken[place] = values[from]));
  return taken;
};

/** Row of the log behind each entry of the rows that are learned from. */
export function logRowsOf(
  { train, validation }: Prepared['split'],
  rows: Prepared['split']['rows'],
  ofLog: number,
  parts: LearnedParts,
): Int32Array {
  if (!rows)
    throw badConfig(
      'targets.horizon: the set comes split in files, whose rows have no times; say how to split it: split',
    );
  if (parts === 'train') return rows.train;
  const asMatrix = ({ rows: users, indptr }: CsrMatrix, logRows: Int32Array) =>
    new CsrMatrix(users, ofLog, indptr, logRows);
  return concatRows(asMatrix(train, rows.train), asMatrix(validation, rows.validation)).indices;
}
