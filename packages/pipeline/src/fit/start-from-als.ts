import { fit } from '@towerkit/als';
import { Matrix, type CsrMatrix, type FitOptions } from '@towerkit/core';
import type { TwoTower } from '@towerkit/towers';

import type { ResolvedConfig } from '../config/schema.js';
import { idTable } from './id-table.js';

/** Tables by the name training knows them by. */
export type StartingTables = Readonly<Record<string, Matrix>>;

/**
 * Item vectors to start from, where the config has `start.als`: the factors of an ALS fitted on the training rows, as many as the
 * model's own table has dimensions, scaled by one number to the mean norm of the config.
 *
 * @param interactions the rows trained on, users x items; values, where there are any, are what each weighs: no ratings
 * @throws TowerkitError `BAD_CONFIG` for a model without a table of item ids
 */
export async function startFromAls(
  model: TwoTower,
  interactions: CsrMatrix,
  { start, seed, threads }: ResolvedConfig,
  options: FitOptions,
): Promise<StartingTables | undefined> {
  if (!start?.als) return undefined;
  const { als, norm } = start;
  const { key, table } = idTable(model, 'item');
  const fitted = await fit(interactions, {
    ...als,
    factors: table.dimensions,
    seed,
    threads,
    ...options,
  });
  try {
    return { [key]: scaled(fitted.itemFactors, norm) };
  } finally {
    await fitted.dispose();
  }
}

/** The rows times one number, such that those that are not zero have the mean norm given. */
export function scaled({ rows, cols, data }: Matrix, norm: number): Matrix {
  let [sum, count] = [0, 0];
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let i = row * cols; i < (row + 1) * cols; i++) square += data[i] * data[i];
    if (square > 0) {
      sum += Math.sqrt(square);
      count++;
    }
  }
  const factor = count > 0 ? (norm * count) / sum : 0;
  return new Matrix(
    rows,
    cols,
    Float32Array.from(data, (value) => value * factor),
  );
}
