import { TowerkitError, type Matrix, type Rng } from '@towerkit/core';
import { isId, isMoment, type Parameters, type TowerInput, type TwoTower } from '@towerkit/towers';

import { unseenItems, unseenUsers, type TrainingData } from '../data.js';
import type { Category, Entities } from '../entities.js';
import { EmbeddingTable } from './embedding-table.js';
import { featureRows, sharedRows, uniqueRows, type InputRows } from './input-rows.js';

/** Starting values of embedding tables by name, such as `{'item/id': factors}`. */
export type StartingVectors = Readonly<Record<string, Matrix>>;

/** A dense weight of a tower: its shape, and its values as the one row of a table. */
export interface DenseWeight {
  readonly shape: readonly number[];
  readonly table: EmbeddingTable;
  /** False for what no gradient moves, such as running statistics. Default true. */
  readonly trained?: boolean;
}

/** All that training changes, and the inputs that read it. Names are those of the step's inputs. */
export interface ModelState {
  /** Dense weights by `parameter/<name>`: each is one row, updated every step. */
  readonly parameters: Record<string, DenseWeight>;
  /** Embedding tables by `item/<name>`, `user/<name>` and `moment/<name>`. */
  readonly tables: Record<string, EmbeddingTable>;
  /** Every declared input that is not a history, by `item/<name>`, `user/<name>` and `moment/<name>`. */
  readonly inputs: Record<string, InputRows>;
}

/**
 * Fresh weights and tables for a model on its data. Where the model has `idDropout`, items that stand in no history start
 * from zeros, and stay there; so do users without training rows where it has `userIdDropout`, and categories that no moment of the
 * examples has.
 *
 * @param start matrices that tables start from, [rows, dimensions] each
 * @throws TowerkitError `MISSING_FEATURE` when the model reads what the data does not have; `SHAPE_MISMATCH` when
 *   a width or a starting matrix does not fit; `UNKNOWN_TABLE` for a starting matrix no table is named after
 */
export function initialState(
  model: TwoTower,
  data: TrainingData,
  rng: Rng,
  start: StartingVectors = {},
): ModelState {
  const state: ModelState = { parameters: {}, tables: {}, inputs: {} };
  Object.assign(state.parameters, denseWeights(model.init(rng)));
  const { histories, items = {}, users = {}, examples } = data;
  const moments = examples?.moments ?? {};
  for (const [name, input] of Object.entries(model.itemInputs))
    declare(state, `item/${name}`, input, items, histories.cols, rng, start);
  for (const [name, input] of Object.entries(model.userInputs))
    if (isMoment(input)) {
      declare(state, `moment/${name}`, input, moments, 0, rng, start);
      forgetUnseenCodes(state, `moment/${name}`, input, moments);
    } else declare(state, `user/${name}`, input, users, histories.rows, rng, start);
  const unknown = Object.keys(start).find((name) => !(name in state.tables));
  if (model.idDropout > 0) forgetUnseen(state, 'item', model.itemInputs, unseenItems(data));
  if (model.userIdDropout > 0) forgetUnseen(state, 'user', model.userInputs, unseenUsers(data));
  if (unknown !== undefined)
    throw new TowerkitError(
      'UNKNOWN_TABLE',
      `starting vectors for "${unknown}", but the model has no such table`,
      {
        hint: `its tables: ${Object.keys(state.tables).join(', ')}`,
      },
    );
  return state;
}

/** Fresh dense weights by `parameter/<name>`. */
export const denseWeights = (parameters: Parameters): ModelState['parameters'] =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data, trained }]) => [
      `parameter/${name}`,
      { shape, table: new EmbeddingTable(1, data.length, data), ...(trained === false && { trained }) },
    ]),
  );

/** What stands in no training row has no vectors of its own: nothing would ever be learned of them. */
function forgetUnseen(
  { tables }: ModelState,
  side: 'item' | 'user',
  inputs: Readonly<Record<string, TowerInput>>,
  unseen: readonly number[],
): void {
  const own = Object.entries(inputs).flatMap(([name, input]) =>
    isId(input) ? [tables[`${side}/${name}`]] : [],
  );
  for (const row of unseen)
    for (const { values, dimensions } of own) values.fill(0, row * dimensions, (row + 1) * dimensions);
}

/** What no example has, nothing is learned of: questions may still say it, and it should then say nothing. */
function forgetUnseenCodes(
  { tables }: ModelState,
  name: string,
  input: TowerInput,
  { categories }: Entities,
): void {
  if (input.kind !== 'embedding') return;
  const { values, dimensions, rows } = tables[name];
  const seen = new Set(categoryOf(name, input.of, categories).codes);
  for (let code = 0; code < rows; code++)
    if (!seen.has(code)) values.fill(0, code * dimensions, (code + 1) * dimensions);
}

function declare(
  state: ModelState,
  name: string,
  input: TowerInput,
  { categories, features }: Entities,
  count: number,
  rng: Rng,
  start: StartingVectors,
): void {
  if (input.kind === 'history') return;
  if (input.kind === 'feature') {
    state.inputs[name] = declareFeature(name, input, features);
    return;
  }
  const category = input.of === 'id' ? undefined : categoryOf(name, input.of, categories);
  const rows = category?.size ?? count;
  const table = start[name]
    ? EmbeddingTable.from(start[name])
    : EmbeddingTable.random(rows, input.dimensions, input.stddev ?? 0.02, rng.fork(name));
  if (table.rows !== rows || table.dimensions !== input.dimensions)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `starting vectors for "${name}" are ${table.rows} x ${table.dimensions}, not ${rows} x ${input.dimensions}`,
    );
  state.tables[name] = table;
  const once = input.of === 'id' && name.startsWith('item/');
  state.inputs[name] = once ? uniqueRows(table) : sharedRows(table, category?.codes);
}

/**
 * What a model reads of other moments than those it was trained at, such as those of validation: its tables with their codes.
 *
 * @returns rows by `moment/<name>`
 * @throws TowerkitError `MISSING_FEATURE`, `SHAPE_MISMATCH` as {@link initialState}
 */
export function momentInputs(
  { userInputs }: TwoTower,
  { tables }: ModelState,
  moments: Entities,
): Record<string, InputRows> {
  const rows: Record<string, InputRows> = {};
  for (const [name, input] of Object.entries(userInputs)) {
    if (input.kind === 'history' || !isMoment(input)) continue;
    const key = `moment/${name}`;
    rows[key] =
      input.kind === 'feature'
        ? declareFeature(key, input, moments.features)
        : sharedRows(tables[key], categoryOf(key, input.of, moments.categories).codes);
  }
  return rows;
}

function declareFeature(
  name: string,
  { of, dimensions }: { readonly of: string; readonly dimensions: number },
  features: Entities['features'] = {},
): InputRows {
  const matrix = features[of] ?? missing(name, 'feature', of, Object.keys(features));
  if (matrix.cols !== dimensions)
    throw new TowerkitError(
      'SHAPE_MISMATCH',
      `${name}: the tower reads ${dimensions} values, the data has ${matrix.cols}`,
    );
  return featureRows(matrix);
}

const categoryOf = (name: string, of: string, categories: Entities['categories'] = {}): Category =>
  categories[of] ?? missing(name, 'category', of, Object.keys(categories));

function missing(name: string, kind: string, of: string, found: string[]): never {
  throw new TowerkitError(
    'MISSING_FEATURE',
    `${name} reads the ${kind} "${of}", which the data does not have`,
    {
      hint: found.length > 0 ? `it has: ${found.join(', ')}` : `it has no ${kind} at all`,
    },
  );
}

/** The dense weights alone, as towers name them. */
export const parametersOf = (state: ModelState): Parameters =>
  Object.fromEntries(
    Object.entries(state.parameters).map(([name, { shape, table, trained }]) => [
      name.slice('parameter/'.length),
      { shape, data: table.values, ...(trained === false && { trained }) },
    ]),
  );
