import { fit } from '@towerkit/als';
import { BprMf, LightGcn } from '@towerkit/baselines';
import { Matrix, type CsrMatrix, type FitOptions } from '@towerkit/core';
import type { TwoTower } from '@towerkit/towers';

import { badConfig } from '../config/check-config.js';
import type { ResolvedConfig } from '../config/schema.js';
import { startNames } from '../config/start-schema.js';
import { idTable } from './id-table.js';

/** Tables by the name training knows them by. */
export type StartingTables = Readonly<Record<string, Matrix>>;

/** Vectors of a model that was fitted. */
interface Factors {
  readonly items: Matrix;
  readonly users: Matrix;
  dispose(): Promise<void>;
}

type Start = NonNullable<ResolvedConfig['start']>;

/** Fits the model that a config's start names. */
async function factorsOf(
  { als, 'bpr-mf': bprMf, lightgcn }: Start,
  interactions: CsrMatrix,
  { factors, seed, threads, ...options }: { factors: number; seed: number; threads?: number } & FitOptions,
): Promise<Factors> {
  if (als) {
    const model = await fit(interactions, { ...als, factors, seed, threads, ...options });
    return { items: model.itemFactors, users: model.userFactors, dispose: () => model.dispose() };
  }
  if (lightgcn) {
    const model = new LightGcn({ ...lightgcn, factors, seed, threads });
    await model.fit(interactions, options);
    return { items: model.itemEmbeddings, users: model.userEmbeddings, dispose: () => model.dispose() };
  }
  const model = new BprMf({ ...bprMf, factors, seed });
  await model.fit(interactions, options);
  return { items: model.itemFactors, users: model.userFactors, dispose: () => model.dispose() };
}

/**
 * Item vectors to start from, where the config's `start` names a model, such as `als`: its factors, fitted on the training rows, as
 * many as the model's own table has dimensions, scaled by one number to the mean norm of the config. Where `start.users` names it
 * too, those of the users start from its other factors.
 *
 * @param interactions the rows trained on, users x items; values, where there are any, are what each weighs: no ratings
 * @throws TowerkitError `BAD_CONFIG` for a model without a table of item ids, or of user ids of the same width where users are to start from it
 */
export async function startFromFactors(
  model: TwoTower,
  interactions: CsrMatrix,
  { start, seed, threads }: ResolvedConfig,
  options: FitOptions,
): Promise<StartingTables | undefined> {
  const name = start && startNames.find((one) => start[one]);
  if (!name) return undefined;
  const { key, table } = idTable(model, 'item');
  const users = start.users === name ? idTable(model, 'user') : undefined;
  if (users && users.table.dimensions !== table.dimensions)
    throw badConfig(
      `start.users: ids of users have ${users.table.dimensions} dimensions, those of items ${table.dimensions}; one ${name} gives both the same`,
    );
  const fitted = await factorsOf(start, interactions, {
    factors: table.dimensions,
    ...{ seed, threads, ...options },
  });
  try {
    return {
      [key]: scaled(fitted.items, start.norm),
      ...(users && { [users.key]: scaled(fitted.users, start.norm) }),
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
