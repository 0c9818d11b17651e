import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng, type StoredTensor } from '@towerkit/core';
import { gruTower, itemTower, sumTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  continueState,
  initialState,
  readMoments,
  train,
  type ModelState,
  type TrainResult,
} from '../src/index.js';
import { base, histories, toyModel } from './toy.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-earlier-'))));
afterAll(() => rm(folder, { recursive: true }));

/** The weights of a state, as an artifact holds them. */
function weightsOf({ parameters, tables }: ModelState): Record<string, StoredTensor> {
  const dense = Object.entries(parameters).map(([name, { shape, table }]) => [
    name,
    { shape, data: table.values.slice() },
  ]);
  const rows = Object.entries(tables).map(([name, { rows, dimensions, values }]) => [
    name,
    { shape: [rows, dimensions], data: values.slice() },
  ]);
  return Object.fromEntries([...dense, ...rows]) as Record<string, StoredTensor>;
}

/** The same users with more of them, and more items, which the last user has. */
const more = CsrMatrix.fromRows(
  [...Array.from({ length: histories.rows }, (_, user) => Array.from(histories.row(user))), [20, 21, 20]],
  histories.cols + 2,
);
const drawn = () => initialState(toyModel(), { histories: more }, new Rng(9));

describe('a state that goes on', () => {
  test('has the weights and the rows of before, and new rows as they were drawn', async () => {
    const weights = weightsOf((await train({ ...base, epochs: 1 })).state);
    const [state, fresh] = [drawn(), drawn()];
    continueState(state, toyModel(), { weights });
    for (const [name, { table }] of Object.entries(state.parameters))
      expect(Array.from(table.values)).toEqual(Array.from(weights[name].data));
    for (const [name, { values }] of Object.entries(state.tables)) {
      const old = weights[name].data.length;
      expect(Array.from(values.subarray(0, old))).toEqual(Array.from(weights[name].data));
      expect(Array.from(values.subarray(old))).toEqual(Array.from(fresh.tables[name].values.subarray(old)));
    }
    expect(state.tables['item/id'].rows).toBe(histories.cols + 2);
  });

  test('new items start from zeros where the model has learned to do without ids', () => {
    const model = twoTower({
      item: itemTower({ dimensions: 8, categories: { kind: 4 } }),
      user: gruTower({ dimensions: 8 }),
      idDropout: 0.2,
    });
    const of = (rows: CsrMatrix) => {
      const categories = { kind: { codes: new Int32Array(rows.cols), size: 3 } };
      return initialState(model, { histories: rows, items: { categories } }, new Rng(1));
    };
    const state = of(more);
    continueState(state, model, { weights: weightsOf(of(histories)) });
    const { values, dimensions } = state.tables['item/id'];
    expect(values.subarray(0, dimensions).some((value) => value !== 0)).toBe(true);
    expect(values.subarray(histories.cols * dimensions).every((value) => value === 0)).toBe(true);
  });

  test('and new users, where it has learned to do without theirs', () => {
    const inputs = {
      id: { kind: 'embedding', of: 'id', dimensions: 8 },
      age: { kind: 'embedding', of: 'age', dimensions: 2 },
    } as const;
    const of = (rows: CsrMatrix, userIdDropout: number) => {
      const user = sumTower({ dimensions: 8, inputs });
      const model = twoTower({ item: itemTower({ dimensions: 8 }), user, userIdDropout });
      const categories = { age: { codes: new Int32Array(rows.rows), size: 3 } };
      return { model, state: initialState(model, { histories: rows, users: { categories } }, new Rng(1)) };
    };
    for (const rate of [0, 0.2]) {
      const { state, model } = of(more, rate);
      continueState(state, model, { weights: weightsOf(of(histories, rate).state) });
      const { values, dimensions } = state.tables['user/id'];
      const last = values.subarray(histories.rows * dimensions);
      expect(last).toHaveLength(dimensions);
      expect(last.every((value) => value === 0)).toBe(rate > 0);
      expect(state.tables['item/id'].values.at(-1)).not.toBe(0);
    }
  });

  test('another model changes nothing', async () => {
    const weights = weightsOf((await train({ ...base, epochs: 1 })).state);
    const { 'item/id': ids, ...rest } = weights;
    const wrong = [
      rest,
      { ...weights, 'item/other': ids },
      { ...weights, 'item/id': { shape: [10, 16], data: new Float32Array(160) } },
      { ...weights, 'item/id': { shape: [99, 8], data: new Float32Array(792) } },
      { ...weights, 'item/id': { ...ids, data: new Int32Array(ids.data.length) } },
    ];
    for (const weights of wrong) {
      const state = drawn();
      const before = JSON.stringify(weightsOf(state));
      expect(() => continueState(state, toyModel(), { weights })).toThrow(
        expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
      );
      expect(JSON.stringify(weightsOf(state))).toBe(before);
    }
  });
});

describe('a training that goes on', () => {
  const options = { ...base, optimizer: { ...base.optimizer, schedule: 'constant' as const } };
  const lossOf = ({ epochs }: TrainResult) => epochs[0].loss;

  test('starts where the earlier one ended', async () => {
    const first = await train({ ...options, epochs: 6 });
    const on = await train({ ...options, epochs: 1, earlier: { weights: weightsOf(first.state) } });
    expect(lossOf(on)).toBeLessThan(lossOf(first) - 0.1);
    expect(lossOf(on)).toBeLessThan(first.epochs.at(-1)!.loss + 0.1);
  });

  test('Adam goes on with the moments of the checkpoint of the same run, and of no other', async () => {
    const checkpoint = { folder: join(folder, 'run') };
    const first = await train({ ...options, epochs: 2, checkpoint });
    const weights = weightsOf(first.state);
    const moments = (await readMoments(checkpoint.folder, weights))!;
    expect(moments.steps).toBeGreaterThan(2);
    for (const [name, { first: own, second }] of Object.entries(first.state.tables)) {
      expect(Array.from(moments.first[name])).toEqual(Array.from(own));
      expect(Array.from(moments.second[name])).toEqual(Array.from(second));
    }
    const on = await train({ ...options, epochs: 1, earlier: { weights, moments } });
    const anew = await train({ ...options, epochs: 1, earlier: { weights } });
    expect(weightsOf(on.state)).not.toEqual(weightsOf(anew.state));
    const changed = { ...weights, 'item/id': { ...weights['item/id'], data: new Float32Array(160) } };
    expect(await readMoments(checkpoint.folder, changed)).toBeUndefined();
    expect(await readMoments(join(folder, 'none'), weights)).toBeUndefined();
  });
});
