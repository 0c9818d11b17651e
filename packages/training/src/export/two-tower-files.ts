import { encodeSafetensors, type Matrix, type StoredTensor } from '@towerkit/core';
import { isMoment, type TowerInput, type TwoTower } from '@towerkit/towers';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { exportTowers } from './export-towers.js';
import type { Gates } from '../inference/tower-gates.js';
import type { TrainedModel } from '../loop/train-result.js';

/** What the manifest says of a two-tower model. */
export interface TwoTowerFacts extends Record<string, unknown> {
  /** Version of these facts, for their readers. */
  readonly version: 2;
  /** Number of components of the vectors. */
  readonly dimensions: number;
  /** Items of history the user tower reads. */
  readonly maxLength: number;
  /** Names of the user tower's inputs beside the history. */
  readonly userInputs: readonly string[];
  /** The same with what each reads; absent where there are none. */
  readonly userRows?: Readonly<Record<string, TowerInput>>;
  /** What the user tower reads of the moment of a question; absent if nothing. */
  readonly momentInputs?: Readonly<Record<string, TowerInput>>;
  /** Whether the user tower reads a history. */
  readonly history: boolean;
  /** What the item tower reads of each item, the bias included. */
  readonly itemInputs: Readonly<Record<string, TowerInput>>;
  /** Share of a batch's items that were seen without their id. */
  readonly idDropout: number;
  /** Whether users have a bias: the last column of the item vectors is then 1. Absent if not. */
  readonly userBias?: true;
  /** How ratings are predicted; absent for a model that does not. */
  readonly rating?: {
    /** Output of the user tower whose product with the item vectors they are read from. */
    readonly of: 'vectors' | 'ratings';
    readonly offset: number;
    readonly range?: readonly [number, number];
  };
  /** Names of the gates of a tower, in the order of its gate weights; absent if the tower has none. */
  readonly gated: { readonly item?: readonly string[]; readonly user?: readonly string[] };
}

/** The facts of a trained model for its manifest. */
export function twoTowerFacts({ model, maxLength, state }: TrainedModel): TwoTowerFacts {
  const inputs = Object.entries(model.userInputs);
  const moments = inputs.filter(([, input]) => isMoment(input));
  const rows = inputs.filter(([, input]) => input.kind !== 'history' && !isMoment(input));
  return {
    version: 2,
    dimensions: model.dimensions,
    maxLength,
    userInputs: Object.keys(state.inputs).flatMap((name) =>
      name.startsWith('user/') ? [name.slice(5)] : [],
    ),
    ...(rows.length > 0 && { userRows: Object.fromEntries(rows) }),
    ...(moments.length > 0 && { momentInputs: Object.fromEntries(moments) }),
    history: 'history' in model.userInputs,
    itemInputs: model.itemInputs,
    idDropout: model.idDropout,
    ...(model.userBias && { userBias: true }),
    ...(model.rating && { rating: { of: ratingOutput(model), ...model.rating.scale } }),
    gated: {
      ...(model.gates.item && { item: model.gates.item.names }),
      ...(model.gates.user && { user: model.gates.user.names }),
    },
    towers: { item: model.item.name, user: model.user.name },
    loss: model.loss.name,
  };
}

/** Ratings of a model without a head of its own for them are read from its scores. */
const ratingOutput = ({ rating, userVectors }: TwoTower) =>
  rating!.userVectors === userVectors ? ('vectors' as const) : ('ratings' as const);

/**
 * Writes a trained model's own files into a folder: `weights.safetensors` (dense weights as `parameter/*`, tables
 * as `item/*` and `user/*`), `item_vectors.safetensors` (`vectors` [items, dimensions]), `user_tower.onnx`,
 * `item_tower.onnx`; for a gated item tower `item_gates.safetensors` (`gates` [items, parts]); for towers that know
 * users by more than their history `user_rows.safetensors` (each input as [users, dimensions]).
 *
 * @param itemVectors vectors of the catalog, [items, dimensions]
 * @param itemGates gates of the catalog, see `itemGates`; without them the artifact has none to tell
 */
export async function writeTwoTowerFiles(
  folder: string,
  trained: TrainedModel,
  itemVectors: Matrix,
  itemGates?: Gates,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { state, data } = trained;
  const weights: Record<string, StoredTensor> = {};
  for (const [name, { shape, table }] of Object.entries(state.parameters))
    weights[name] = { shape, data: table.values };
  for (const [name, { rows, dimensions, values }] of Object.entries(state.tables))
    weights[name] = { shape: [rows, dimensions], data: values };
  await writeFile(join(folder, 'weights.safetensors'), encodeSafetensors(weights));
  const catalog = { vectors: itemVectors, ...(itemGates && { gates: itemGates.values }) };
  for (const [name, { rows, cols, data }] of Object.entries(catalog))
    await writeFile(
      join(folder, `item_${name}.safetensors`),
      encodeSafetensors({ [name]: { shape: [rows, cols], data } }),
    );
  const { user, item } = exportTowers(trained);
  await writeFile(join(folder, 'user_tower.onnx'), user);
  await writeFile(join(folder, 'item_tower.onnx'), item);

  const users = Int32Array.from({ length: data.histories.rows }, (_, u) => u);
  const rows: Record<string, StoredTensor> = {};
  for (const name of twoTowerFacts(trained).userInputs) {
    const input = state.inputs[`user/${name}`];
    const values = new Float32Array(users.length * input.dimensions);
    input.gather(users, users.length, values);
    rows[name] = { shape: [users.length, input.dimensions], data: values };
  }
  if (Object.keys(rows).length > 0)
    await writeFile(join(folder, 'user_rows.safetensors'), encodeSafetensors(rows));
}
