import { Matrix } from '@towerkit/core';
import type { Engine } from '@towerkit/engine';

import type { TrainedModel } from '../loop/train-result.js';
import { computeItemVectors, overItems } from './item-vectors.js';
import { UserVectors } from './user-vectors.js';

/** How much a tower makes of each thing it reads, for each item or user. */
export interface Gates {
  /** What is weighed: the columns. */
  readonly names: readonly string[];
  /** [items or users, names]. */
  readonly values: Matrix;
}

/** The gates of every item; `undefined` where the item tower has none. */
export async function itemGates(
  { model, state, data }: TrainedModel,
  engine: Engine,
): Promise<Gates | undefined> {
  const gates = model.gates.item;
  if (!gates) return undefined;
  const { names, apply } = gates;
  return { names, values: await overItems(state, data.histories.cols, names.length, apply, engine) };
}

const BATCH = 128;

/** The gates of every user, after their whole history and at no moment in particular; `undefined` where the user tower has none. */
export async function userGates(
  { model, state, data: { histories }, maxLength }: TrainedModel,
  engine: Engine,
): Promise<Gates | undefined> {
  const gates = model.gates.user;
  if (!gates) return undefined;
  const { names, apply } = gates;
  const itemVectors = await computeItemVectors(model, state, histories.cols, engine);
  const users = await UserVectors.create(model, state, BATCH, maxLength, engine, apply);
  try {
    const values = new Matrix(histories.rows, names.length);
    for (let start = 0; start < histories.rows; start += BATCH) {
      const count = Math.min(BATCH, histories.rows - start);
      const batch = Int32Array.from({ length: count }, (_, i) => start + i);
      const rows = Array.from(batch, (user) => histories.row(user));
      const found = await users.compute(rows, batch, itemVectors);
      values.data.set(found.subarray(0, count * names.length), start * names.length);
    }
    return { names, values };
  } finally {
    await users.dispose();
  }
}
