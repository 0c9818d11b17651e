import { TowerkitError, type Rng, type StoredTensor } from '@towerkit/core';
import { isId, type TwoTower } from '@towerkit/towers';

import type { TrainingData } from '../data.js';
import type { EmbeddingTable } from './embedding-table.js';
import { initialState, type ModelState, type StartingVectors } from './model-state.js';

/** Adam's moments of weights and tables, by name, and the steps that made them. */
export interface EarlierMoments {
  readonly first: Readonly<Record<string, Float32Array>>;
  readonly second: Readonly<Record<string, Float32Array>>;
  readonly steps: number;
}

/** What an earlier training of the same model learned, on data whose users and items are the first ones of the new data. */
export interface EarlierState {
  /** Every dense weight and table by the name it has in `weights.safetensors`: `parameter/*`, `item/*`, `user/*`, `moment/*`. */
  readonly weights: Readonly<Record<string, StoredTensor>>;
  /** The optimizer goes on from these; else Adam starts afresh. */
  readonly moments?: EarlierMoments;
}

/**
 * What a training starts with: fresh weights and tables, starting vectors, and what was learned earlier, in this order.
 *
 * @throws TowerkitError as {@link initialState} and {@link continueState}
 */
export function startingState(
  model: TwoTower,
  data: TrainingData,
  rng: Rng,
  { start, earlier }: { readonly start?: StartingVectors; readonly earlier?: EarlierState },
): ModelState {
  const state = initialState(model, data, rng, start);
  if (earlier) continueState(state, model, earlier);
  return state;
}

/**
 * Puts what was learned earlier into fresh weights and tables: dense weights as they were, rows of tables that were there
 * before. New rows stay as they were drawn; those of item ids are zeros for a model with `idDropout`, those of user ids for one
 * with `userIdDropout`: it has learned to do without, and who or what is new starts from what else is known.
 *
 * @throws TowerkitError `SHAPE_MISMATCH` naming what does not fit: a weight that is missing or of another shape, a table that
 *   is wider or was longer; nothing has changed then
 */
export function continueState(state: ModelState, model: TwoTower, { weights, moments }: EarlierState): void {
  const parts: [string, EmbeddingTable, readonly number[]][] = [
    ...Object.entries(state.parameters).map(
      ([name, { table, shape }]): [string, EmbeddingTable, readonly number[]] => [name, table, shape],
    ),
    ...Object.entries(state.tables).map(([name, table]): [string, EmbeddingTable, readonly number[]] => [
      name,
      table,
      [table.rows, table.dimensions],
    ]),
  ];
  const named = new Set(parts.map(([name]) => name));
  const stray = Object.keys(weights).find((name) => !named.has(name));
  if (stray !== undefined) throw mismatch(`the earlier model has "${stray}", this one does not`);
  for (const [name, , shape] of parts) requireFit(name, weights[name], shape, name in state.tables);
  for (const [name, { values, first, second }] of parts) {
    const { data } = weights[name];
    values.set(data as Float32Array);
    if (canBeWithout(name, model)) values.fill(0, data.length);
    if (moments?.first[name]?.length === data.length && moments.second[name]?.length === data.length) {
      first.set(moments.first[name]);
      second.set(moments.second[name]);
    }
  }
}

/** Whether a table holds ids that the model has learned to do without. */
function canBeWithout(table: string, { itemInputs, userInputs, idDropout, userIdDropout }: TwoTower) {
  const [side, name] = table.split('/', 2);
  if (side === 'item') return idDropout > 0 && isId(itemInputs[name]);
  return side === 'user' && userIdDropout > 0 && isId(userInputs[name]);
}

function requireFit(
  name: string,
  tensor: StoredTensor | undefined,
  shape: readonly number[],
  grows: boolean,
): void {
  if (!tensor) throw mismatch(`the earlier model has no "${name}"`);
  const [rows, ...rest] = tensor.shape;
  const [most, ...wanted] = shape;
  const fits = grows ? rows <= most : rows === most;
  if (!(tensor.data instanceof Float32Array) || !fits || rest.join() !== wanted.join())
    throw mismatch(
      `"${name}" was of the shape [${tensor.shape.join(', ')}] and now is [${shape.join(', ')}]`,
    );
}

const mismatch = (message: string) =>
  new TowerkitError('SHAPE_MISMATCH', message, {
    hint: 'build the model with the towers and settings of the earlier training',
  });
