import { fit } from '@towerkit/als';
import { Matrix, type CsrMatrix, type FitOptions } from '@towerkit/core';
import type { TwoTower } from '@towerkit/towers';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { idTable } from './id-table.js';

/** Tables by the name training knows them by. */
export type StartingTables = Readonly<Record<string, Matrix>>;

/**
 * Item vectors to start from, where the config has `start.als`: the factors of an ALS fitted on the training rows, as many as the
 * model's own table has dimensions, scaled by one number to the mean norm of the config. With `start.users: 'als'` those of the users
 * start from its other factors.
 *
 * @param interactions the rows trained on, users x items; values, where there are any, are what each weighs: no ratings
 * @throws TowerkitError `BAD_CONFIG` for a model without a table of item ids, or of user ids of the same width where users are to start from it
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
    const users = start.users === 'als' ? idTable(model, 'user') : undefined;
    if (users && users.table.dimensions !== table.dimensions)
      throw badConfig(
        `start.users: ids of users have ${users.table.dimensions} dimensions, those of items ${table.dimensions}; one ALS gives both the same`,
      );
    return {
      [key]: scaled(fitted.itemFactors, norm),
      ...(users && { [users.key]: scaled(fitted.userFactors, norm) }),
    };
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
