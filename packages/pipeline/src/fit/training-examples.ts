import { concatRows } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import { isMoment, type TwoTower } from '@towerkit/towers';
import { nextItems, type Examples } from '@towerkit/training';

import type { Prepared } from '../data/prepare.js';
import { momentsAt } from '../data/prepare-moments.js';

/**
 * The examples of a model that reads more than histories: of a newcomer nothing but features and the moment is known, and first
 * items teach what to make of them. Each example has the moment of its target.
 *
 * @param histories the rows trained on, users x items
 * @param logRows row of the log behind each of their entries
 * @returns `undefined` for the usual examples
 */
export function examplesOf(
  model: TwoTower,
  histories: CsrMatrix,
  moments: Prepared['moments'],
  logRows: Int32Array | undefined,
): Examples | undefined {
  const inputs = Object.values(model.userInputs);
  const readsMoments = inputs.some(isMoment);
  const readsUsers = inputs.some(
    (input) => input.kind !== 'history' && input.of !== 'id' && !isMoment(input),
  );
  if (!readsMoments && !readsUsers) return undefined;
  const examples = nextItems(histories, { first: true }); // as many as there are entries, in their order
  return readsMoments && moments && logRows
    ? { ...examples, moments: momentsAt(moments, logRows) }
    : examples;
}

/** Row of the log behind each training row, and behind each row that a refit learns from. */
export function trainingLogRows(
  { split: { train, validation }, moments, log }: Pick<Prepared, 'split' | 'moments' | 'log'>,
  refit: boolean,
): Int32Array | undefined {
  if (!moments) return undefined;
  if (!refit) return moments.rows.train;
  const asMatrix = ({ rows, indptr }: CsrMatrix, logRows: Int32Array) =>
    new CsrMatrix(rows, log.user.length, indptr, logRows);
  return concatRows(asMatrix(train, moments.rows.train), asMatrix(validation, moments.rows.validation))
    .indices;
}
