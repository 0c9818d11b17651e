import { concatRows } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import { chooseTargets, type ChosenTargets, type InteractionLog } from '@towerkit/data';
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
  const all = examples ?? (first || rule ? nextItems(histories, { first: true }) : undefined);
  if (!all) return undefined;
  const told = moments && readsMoments(model) ? moments : undefined;
  const rows =
    told || rule?.horizon !== undefined
      ? (examples?.rows ?? logRowsOf(split, log.user.length, parts))
      : undefined;
  if (!rule) return { ...all, ...(told && rows && { moments: momentsAt(told, rows) }) };
  const times = rows && rule.horizon !== undefined ? timesAt(rows, log, rule.timeUnit) : undefined;
  const { places, seen } = asked(chooseTargets(all, histories, rule, times), first);
  const { users, items, weights, ratings } = all;
  return {
    users: places.map((place) => users[place]),
    items: places.map((place) => items[place]),
    seen,
    ...(weights && { weights: Float32Array.from(places, (place) => weights[place]) }),
    ...(ratings && { ratings: Float32Array.from(places, (place) => ratings[place]) }),
    ...(told && rows && { moments: momentsAt(told, places.map((place) => rows[place])) }), // prettier-ignore
  };
}

/** The targets that somebody can be asked for: those before which nothing is known only where more than histories is read. */
function asked(chosen: ChosenTargets, first: boolean): ChosenTargets {
  const places = first ? chosen.places : chosen.places.filter((_, at) => chosen.seen[at] > 0);
  if (places.length === 0)
    throw badConfig(
      'targets: no row is left to learn from; take a shorter horizon, or let repeats be targets',
    );
  return { places, seen: first ? chosen.seen : chosen.seen.filter((known) => known > 0) };
}

/** Seconds of rows of the log. */
function timesAt(rows: Int32Array, log: InteractionLog, unit: 'seconds' | 'milliseconds'): Float64Array {
  const seconds = secondsOf(log, 'targets.horizon', unit);
  return Float64Array.from(rows, (row) => seconds[row]);
}

/** Row of the log behind each entry of the rows that are learned from. */
export function logRowsOf(
  { train, validation, rows }: Prepared['split'],
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
