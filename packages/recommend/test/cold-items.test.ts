import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { createEngine } from '@towerkit/engine';
import {
  gatedTower,
  gruTower,
  itemTower,
  servingContext,
  twoTower,
  type TwoTowerOptions,
} from '@towerkit/towers';
import * as tf from '@tensorflow/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeArtifact, type ArtifactFacts } from '@towerkit/artifact';
import {
  BatchAssembler,
  computeItemVectors,
  itemGates,
  train,
  twoTowerFacts,
  userGates,
  writeTwoTowerFiles,
  type Gates,
  type TrainResult,
} from '@towerkit/training';

import { ItemEncoder, TwoTowerRecommender } from '../src/index.js';
import { ringHistories } from '../../training/test/toy.js';

const SEEN = 20;
const ITEMS = 24; // the last four are in no history
const D = 8;

const ring = ringHistories(100, SEEN);
const histories = new CsrMatrix(ring.rows, ITEMS, ring.indptr, ring.indices);
const rng = new Rng(5);
const items = {
  categories: { parity: { codes: Int32Array.from({ length: ITEMS }, (_, i) => i % 2), size: 2 } },
  features: {
    title: new Matrix(
      ITEMS,
      5,
      Float32Array.from({ length: 5 * ITEMS }, () => rng.normal()),
    ),
  },
};
const batches = {
  batchSize: 64,
  maxLength: 6,
  negatives: [{ proposal: { kind: 'uniform' } as const, count: 10 }],
};

async function trained(idDropout: number): Promise<TrainResult> {
  const model = twoTower({
    item: itemTower({ dimensions: D, categories: { parity: 3 }, content: { title: 5 } }),
    user: gruTower({ dimensions: D }),
    idDropout,
    similarity: { title: 4 },
  });
  return train({ model, data: { histories, items }, epochs: 1, threads: 1, batches });
}

const idsOf = ({ state }: TrainResult, item: number) =>
  Array.from(state.tables['item/id'].values.subarray(item * D, (item + 1) * D));

describe('items that stand in no history', () => {
  test('are no negatives where that is asked for, and the others have the exact log q', () => {
    const batchOf = (unseen: boolean) => {
      const assembler = new BatchAssembler({ histories }, { ...batches, unseen });
      const drawn = new Set<number>();
      const plan = assembler.plan(new Rng(1));
      for (let b = 0; b < plan.bucket.length; b++) {
        const { items, itemCount } = assembler.assemble(plan, b, new Rng(b));
        items.subarray(0, itemCount).forEach((item) => drawn.add(item));
      }
      return drawn;
    };
    expect([...batchOf(true)].some((item) => item >= SEEN)).toBe(true);
    const drawn = batchOf(false);
    expect(drawn.size).toBe(SEEN);
    expect([...drawn].every((item) => item < SEEN)).toBe(true);

    // Uniform over the items that are seen is uniform over a catalog of them alone.
    const smaller = new BatchAssembler({ histories: ring }, batches);
    const barred = new BatchAssembler({ histories }, { ...batches, unseen: false });
    const [a, b] = [smaller, barred].map((assembler) => {
      const batch = assembler.assemble(assembler.plan(new Rng(1)), 0, new Rng(2));
      const column = new Map(
        Array.from(batch.items.subarray(0, batch.itemCount), (item, i) => [item, batch.logQ[i]]),
      );
      return column;
    });
    const shared = [...a.keys()].filter(
      (item) => Number.isFinite(a.get(item)) && Number.isFinite(b.get(item)),
    );
    expect(shared.length).toBeGreaterThan(5);
    for (const item of shared) expect(b.get(item)).toBeCloseTo(a.get(item)!, 5);
  });

  test('keep a zero id in a model with id dropout, and only there', async () => {
    const [without, plain] = [await trained(0.2), await trained(0)];
    for (let item = SEEN; item < ITEMS; item++) {
      expect(idsOf(without, item)).toEqual(new Array(D).fill(0));
      expect(without.state.tables['item/bias'].values[item]).toBe(0);
      expect(idsOf(plain, item).every((value) => value !== 0)).toBe(true);
    }
    expect(idsOf(without, 0).every((value) => value !== 0)).toBe(true);
  });
});

const gatedModel = (options: Pick<TwoTowerOptions, 'similarity' | 'idDropout'>) =>
  twoTower({
    item: gatedTower({
      dimensions: D,
      inputs: {
        id: { kind: 'embedding', of: 'id', dimensions: D },
        title: { kind: 'feature', of: 'title', dimensions: 5 },
      },
    }),
    user: gatedTower({ dimensions: D, inputs: { history: { kind: 'history', dimensions: D } } }),
    ...options,
  });

describe('the item tower of an artifact', () => {
  let folder: string;
  let result: TrainResult;
  let vectors: Matrix;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'towerkit-cold-'));
    result = await trained(0.2);
    const engine = await createEngine({ threads: 1 });
    vectors = await computeItemVectors(result.model, result.state, ITEMS, engine);
    await engine.dispose();
    await save('cold', result, vectors);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const save = (name: string, from: TrainResult, itemVectors: Matrix, gates?: Gates) =>
    writeArtifact(join(folder, name), facts(from), (fresh) =>
      writeTwoTowerFiles(fresh, from, itemVectors, gates),
    );
  const facts = (from: TrainResult): ArtifactFacts => ({
    kind: 'two-tower',
    name: 'cold',
    recipe: {},
    dataset: { name: 'ring', fingerprint: 'none', users: 100, items: ITEMS, interactions: histories.entries },
    packages: {},
    metrics: {},
    baselines: {},
    model: twoTowerFacts(from),
  });

  test('gives items without an id the very vectors that the trainer gave them', async () => {
    const encoder = await ItemEncoder.load(join(folder, 'cold'), { threads: 1 });
    expect(encoder.idDropout).toBe(0.2);
    const cold = [20, 21, 22, 23];
    const { vectors: found, gates } = await encoder.encode({
      count: cold.length,
      categories: { parity: Int32Array.from(cold, (item) => items.categories.parity.codes[item]) },
      features: { title: items.features.title.gather(cold) },
    });
    const expected = vectors.gather(cold);
    found.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i], 5));
    expect(gates).toBeUndefined();
    await expect(encoder.encode({ count: 1, features: { title: new Matrix(1, 4) } })).rejects.toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    );
    await expect(encoder.encode({ count: 1, categories: { parity: Int32Array.of(2) } })).rejects.toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
    await encoder.dispose();
  });

  test('answers as the trainer does, content columns and gates included', async () => {
    const gated = gatedModel({ similarity: { title: 4 } });
    const other = await train({ model: gated, data: { histories, items }, epochs: 1, threads: 1, batches });
    const engine = await createEngine({ threads: 1 });
    const all = await computeItemVectors(gated, other.state, ITEMS, engine);
    await save('gated', other, all, await itemGates(other, engine));
    await engine.dispose();
    for (const [name, from, itemVectors] of [
      ['cold', result, vectors],
      ['gated', other, all],
    ] as const) {
      const { model, state, maxLength } = from;
      const parameters = Object.fromEntries(
        Object.entries(state.parameters).map(([name, { table, shape }]) => [
          name.slice('parameter/'.length),
          tf.tensor(table.values, [...shape]),
        ]),
      );
      const rows = [[3, 21, 7], [0], [5, 5, 9, 12]];
      const mask = tf.tensor2d(
        rows.map((row) => Array.from({ length: maxLength }, (_, t) => (t < row.length ? 1 : 0))),
      );
      const history = tf.tensor3d(
        rows.map((row) =>
          Array.from({ length: maxLength }, (_, t) =>
            Array.from(t < row.length ? itemVectors.row(row[t]) : new Float32Array(model.dimensions)),
          ),
        ),
      );
      const expected = model.userVectors(parameters, { history }, servingContext(mask)).dataSync();
      const saved = await TwoTowerRecommender.load(join(folder, name), { threads: 1 });
      const { data } = await saved.userVectors(rows);
      const largest = Math.max(...expected.map(Math.abs));
      data.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * largest));
      await saved.dispose();
    }
  });

  test('a stranger in a history counts as the item it is', async () => {
    const saved = await TwoTowerRecommender.load(join(folder, 'cold'), { threads: 1 });
    const plain = await saved.userVectors([[3, 21], [7]]);
    const strange = await saved.userVectors([[3, ITEMS], [7]], undefined, vectors.gather([21]));
    expect(Array.from(strange.data)).toEqual(Array.from(plain.data));
    const [best] = await saved.recommend([[ITEMS]], 5, undefined, vectors.gather([21]));
    expect(best.items).toHaveLength(5);
    await saved.dispose();
  });

  test('a model that knows items by their id alone refuses', async () => {
    const model = twoTower({ item: itemTower({ dimensions: D }), user: gruTower({ dimensions: D }) });
    const blind = await train({ model, data: { histories }, epochs: 1, threads: 1, batches });
    await save('blind', blind, new Matrix(ITEMS, D + 1));
    await expect(ItemEncoder.load(join(folder, 'blind'))).rejects.toThrow(
      expect.objectContaining({ code: 'NO_CONTENT' }),
    );
  });

  test('gates are reported for every item and user, and not where there are none', async () => {
    const engine = await createEngine({ threads: 1 });
    const model = gatedModel({ idDropout: 0.2 });
    const result = await train({ model, data: { histories, items }, epochs: 2, batches, engine });
    const [item, user] = [await itemGates(result, engine), await userGates(result, engine)];
    await save('gates', result, await computeItemVectors(model, result.state, ITEMS, engine), item);
    expect(item!.names).toEqual(['id', 'title']);
    expect(item!.values.rows).toBe(ITEMS);
    expect(user!.names).toEqual(['order', 'taste']);
    expect(user!.values.rows).toBe(100);
    for (const gate of [...item!.values.data, ...user!.values.data]) {
      expect(gate).toBeGreaterThan(0);
      expect(gate).toBeLessThan(2);
    }
    // They have moved, and a user whose history differs has other gates.
    expect(new Set(user!.values.data).size).toBeGreaterThan(10);

    // The artifact says the same of them, and of an item that comes later.
    const saved = await TwoTowerRecommender.load(join(folder, 'gates'), { threads: 1 });
    expect(saved.itemGates!.data).toEqual(item!.values.data);
    await save('untold', result, await computeItemVectors(model, result.state, ITEMS, engine));
    const untold = await TwoTowerRecommender.load(join(folder, 'untold'), { threads: 1 });
    expect(untold.itemGates).toBeUndefined();
    await untold.dispose();
    const found = await saved.userGates([histories.row(3), histories.row(9)]);
    [...user!.values.row(3), ...user!.values.row(9)].forEach((gate, i) =>
      expect(found!.data[i]).toBeCloseTo(gate, 5),
    );
    await saved.dispose();
    const encoder = await ItemEncoder.load(join(folder, 'gates'), { threads: 1 });
    const cold = Int32Array.of(20, 23);
    const { gates } = await encoder.encode({
      count: 2,
      features: { title: items.features.title.gather(cold) },
    });
    gates!.data.forEach((gate, i) => expect(gate).toBeCloseTo(item!.values.row(cold[i >> 1])[i & 1], 5));
    await encoder.dispose();

    expect(await itemGates(await trained(0.2), engine)).toBeUndefined();
    expect(await userGates(await trained(0.2), engine)).toBeUndefined();
    await engine.dispose();
  });
});
