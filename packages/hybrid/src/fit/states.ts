import { CsrMatrix, Matrix } from '@towerkit/core';
import { RunningMeans, runningMean } from '@towerkit/text';

import type { ContextEncoding, Moment } from '../model/context.js';
import { ITEM_REGULARIZATION, residualOf, scaled, type Foundation } from '../model/foundation.js';
import { chooseMemory, recalled, type MemoryWeights, type TextNeighbors } from '../model/rating-memory.js';
import type { Reviews } from './read-reviews.js';
import { earlierPlaces } from './split.js';
import { stateFeatures } from '../model/user-state.js';

/** Features of the users of some rows at the time of the row, and the offset of its rating. */
export interface States {
  /** Inputs of both networks for the users, see `stateFeatures`. */
  readonly features: Matrix;
  /** Means of the vectors of their reviews, [rows, text]. */
  readonly written: Matrix;
  /** Training places that a row's user had before, [rows, training rows]. */
  readonly before: CsrMatrix;
  /** mean + item bias + bias of the user by what they rated before, [rows]. */
  readonly offsets: Float32Array;
}

/** Inputs of all states. */
export interface Given {
  readonly reviews: Reviews;
  readonly foundation: Foundation;
  readonly context: ContextEncoding;
  /** Training rows of the log, in order. */
  readonly train: Int32Array;
  /** Vectors of their texts, [training rows, text]. */
  readonly vectors: Matrix;
  /** How earlier ratings count. */
  readonly memory: MemoryWeights;
  readonly neighbors: TextNeighbors;
}

/** States of the training rows, each from earlier rows only. */
export async function trainingStates(given: Given): Promise<States> {
  const { reviews, train, vectors } = given;
  const { log, anonymous } = reviews;
  const users = train.map((row) => log.user[row]);
  const means = runningMean(vectors, users, Int32Array.from(train.keys()), { anonymous: marked(anonymous) });
  const before = earlierPlaces(log.user, train, anonymous);
  const states = await statesOf(given, train, before, means);
  return {
    ...states,
    offsets: states.offsets.map((offset, place) => offset + leaveOneOutShift(given, place)),
  };
}

/** Change of the item's bias if it were fitted without the row itself. */
function leaveOneOutShift({ reviews: { log }, foundation, train }: Given, place: number): number {
  const item = log.item[train[place]];
  const { counts, itemBias, mean } = foundation;
  const weight = counts[item] + ITEM_REGULARIZATION;
  const own = log.rating[train[place]] - mean;
  return (weight * itemBias[item] - own) / (weight - 1) - itemBias[item];
}

/**
 * How much a user's earlier ratings count, chosen on the training rows.
 *
 * @param neighbors of the products by their texts
 */
export function memoryOf(given: Omit<Given, 'memory'>, neighbors: TextNeighbors): MemoryWeights {
  const { reviews, train, foundation } = given;
  const { log, anonymous } = reviews;
  const items = train.map((row) => log.item[row]);
  const residuals = Float32Array.from(train, (row, place) =>
    residualOf(foundation, items[place], log.rating[row]),
  );
  const leaveOneOut = residuals.map((residual, place) => residual - leaveOneOutShift(given as Given, place));
  return chooseMemory(earlierPlaces(log.user, train, anonymous), items, residuals, leaveOneOut, neighbors);
}

/** States of rows that come after all training rows. */
export async function statesAfter(given: Given, rows: Int32Array): Promise<States> {
  const { reviews, train, vectors } = given;
  const { log, anonymous } = reviews;
  const running = new RunningMeans(vectors.cols, marked(anonymous));
  const own = new Map<number, number[]>();
  train.forEach((row, place) => {
    const user = log.user[row];
    running.add(user, vectors.row(place));
    if (anonymous[user]) return;
    const places = own.get(user);
    if (places) places.push(place);
    else own.set(user, [place]);
  });
  const means = new Matrix(rows.length, vectors.cols);
  rows.forEach((row, place) => running.write(log.user[row], means.row(place)));
  const before = CsrMatrix.fromRows(
    Array.from(rows, (row) => own.get(log.user[row]) ?? []),
    train.length,
  );
  return statesOf(given, rows, before, means);
}

async function statesOf(
  { reviews, train, foundation, context, memory, neighbors }: Given,
  rows: Int32Array,
  before: CsrMatrix,
  written: Matrix,
): Promise<States> {
  const { log, anonymous } = reviews;
  const { als, scales, mean, itemBias } = foundation;
  const histories = historiesOf(
    before,
    train.map((row) => log.item[row]),
    log.items.size,
  );
  const features = stateFeatures({
    als: scaled(await foldInDistinct(als, histories), scales.user),
    written,
    anonymous: new Matrix(
      rows.length,
      1,
      Float32Array.from(rows, (row) => anonymous[log.user[row]]),
    ),
    moments: context.encode(momentsOf(reviews, rows)),
  });
  const offsets = Float32Array.from(rows, (row, place) => {
    const remembered = Array.from(before.row(place), (earlier) => {
      const { item, rating } = { item: log.item[train[earlier]], rating: log.rating[train[earlier]] };
      return { item, residual: residualOf(foundation, item, rating) };
    });
    const item = log.item[row];
    return mean + itemBias[item] + recalled(remembered, item, memory, neighbors);
  });
  return { features, written, before, offsets };
}

/** ALS vectors of histories; zeros for empty ones, which are not computed. */
async function foldInDistinct(als: Foundation['als'], histories: CsrMatrix): Promise<Matrix> {
  const { rows, cols, indptr } = histories;
  const filled = Array.from({ length: rows }, (_, row) => row).filter((row) => indptr[row + 1] > indptr[row]);
  const out = new Matrix(rows, als.itemFactors.cols);
  if (filled.length === 0) return out;
  const lists = filled.map((row) => histories.row(row));
  const solved = await als.foldInUsers(CsrMatrix.fromRows(lists, cols));
  filled.forEach((row, place) => out.row(row).set(solved.row(place)));
  return out;
}

/** Histories of the users of some rows as item ids, from places in training. */
export const historiesOf = (before: CsrMatrix, items: Int32Array, universe: number): CsrMatrix =>
  new CsrMatrix(
    before.rows,
    universe,
    before.indptr,
    before.indices.map((place) => items[place]),
  );

const marked = (marks: Uint8Array): number[] => Array.from(marks.keys()).filter((user) => marks[user] === 1);

/** The moments of some rows. */
export const momentsOf = ({ log, device }: Reviews, rows: Int32Array): Moment[] =>
  Array.from(rows, (row) => ({
    ...(log.time && { time: log.time[row] }),
    ...(device && { device: device.codes[row] }),
  }));
