import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Als, fit } from '@towerkit/als';
import { readArtifact } from '@towerkit/artifact';
import { BprMf, LightGcn } from '@towerkit/baselines';
import { decodeSafetensors, Matrix, type StoredTensor } from '@towerkit/core';
import { encodeInteractions, writeVectors } from '@towerkit/data';
import { createEngine } from '@towerkit/engine';
import { gruTower, itemTower, mlpTower, twoTower } from '@towerkit/towers';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  buildModel,
  checkConfig,
  prepare,
  shapesOf,
  startFromFactors,
  startFromVectors,
  trainBaseline,
  trainTwoTower,
  type BaselineName,
  type Config,
  type StartReport,
} from '../src/index.js';
import { arraysOf, datasetOf, saveBaseline, shopRows, type Rows } from './toy.js';

const FACTORS = 6;
let folder: string;
/** What the other models know: all users but the first two, with what they had but the first item. */
const others: Rows = Object.fromEntries(
  Object.entries(shopRows)
    .slice(2)
    .map(([user, items]) => [user, items.filter((item) => item !== 'i0')]),
);
const KINDS = ['als', 'bpr-mf', 'lightgcn', 'svd'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-start-'));
  const options = { factors: FACTORS, epochs: 2 };
  const baselines = {
    als: { factors: FACTORS, iterations: 2 },
    ...{ 'bpr-mf': options, lightgcn: options },
  };
  for (const kind of ['als', 'bpr-mf', 'lightgcn', 'item-knn'] as BaselineName[])
    await saveBaseline(join(folder, kind), kind, others, { baselines });
  await saveSvd(join(folder, 'svd'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A model of ratings, which are how far an item is in the history. */
async function saveSvd(at: string): Promise<void> {
  const arrays = arraysOf(others);
  const config = checkConfig({ name: 'svd', baselines: { svd: { factors: FACTORS, epochs: 2 } } });
  const log = encodeInteractions({ ...arrays, rating: arrays.time.map((time) => 1 + time) });
  const trained = await trainBaseline('svd', await prepare({ name: 'rated', log }, config), config);
  await trained.save(at);
}

/** What is read of a model after it is fitted. */
async function fitted<M extends BprMf | LightGcn, T>(
  model: M,
  histories: Parameters<M['fit']>[0],
  read: (model: M) => T,
): Promise<T> {
  await model.fit(histories);
  const found = read(model);
  await model.dispose();
  return found;
}

const refusal = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message && { message }) });

/** Towers whose items and users have vectors of their own. */
const model = () =>
  twoTower({
    item: itemTower({ dimensions: FACTORS }),
    user: mlpTower({
      inputs: {
        history: { kind: 'history', dimensions: FACTORS },
        me: { kind: 'embedding', of: 'id', dimensions: FACTORS },
      },
      dimensions: FACTORS,
    }),
  });
const configOf = (start: Config['start'], more: Partial<Config> = {}) =>
  checkConfig({ name: 'started', threads: 1, model, start, ...more });
async function started(start: Config['start'], more: Partial<Config> = {}) {
  const config = configOf(start, more);
  const prepared = await prepare(datasetOf(shopRows), config);
  return { prepared, ...(await startFromVectors(buildModel(config, shapesOf(prepared)), prepared, config)) };
}
const norm = (row: Float32Array) => Math.hypot(...row);

/** The factors of a model as its own class reads them. */
async function factorsOf(kind: string, artifact: string): Promise<{ item: Matrix; user: Matrix }> {
  if (kind === 'als') {
    const als = await Als.load(artifact);
    return { item: als.itemFactors, user: als.userFactors };
  }
  if (kind === 'bpr-mf') {
    const bpr = await BprMf.load(artifact);
    return { item: bpr.itemFactors, user: bpr.userFactors };
  }
  if (kind === 'svd') {
    const { tensors } = decodeSafetensors(await readFile(join(artifact, 'svd.safetensors')));
    const matrix = ({ shape, data }: StoredTensor) => new Matrix(shape[0], shape[1], data as Float32Array);
    return { item: matrix(tensors.item_factors), user: matrix(tensors.user_factors) };
  }
  const graph = await LightGcn.load(artifact);
  return { item: graph.itemEmbeddings, user: graph.userEmbeddings };
}

describe.each(KINDS)('from an artifact of %s', (kind) => {
  test('rows are matched by id and scaled by one number, the rest are small draws', async () => {
    const artifact = join(folder, kind);
    const { prepared, tables, reports } = await started({
      items: { from: artifact },
      users: { from: artifact },
    });
    const { item, user } = await factorsOf(kind, artifact);
    const { items, users } = await readArtifact(artifact);
    expect(reports).toEqual([
      { side: 'item', from: kind, matched: 23, fresh: 1 },
      { side: 'user', from: kind, matched: 38, fresh: 2 },
    ]);
    for (const [key, names, ids, factors] of [
      ['item/id', prepared.log.items, items, item],
      ['user/me', prepared.log.users, users, user],
    ] as const) {
      const table = tables[key];
      const found = names.names.filter((name) => ids.indexOf(name) !== undefined);
      const own = found.map((name) => table.row(names.indexOf(name)!));
      const from = found.map((name) => factors.row(ids.indexOf(name)!));
      const lengths = own.map(norm).filter((length) => length > 0);
      expect(lengths.reduce((sum, length) => sum + length) / lengths.length).toBeCloseTo(0.6, 4);
      const place = from.findIndex((row) => norm(row) > 0);
      const scale = norm(own[place]) / norm(from[place]);
      own.forEach((row, k) => row.forEach((value, i) => expect(value).toBeCloseTo(scale * from[k][i], 4)));
      for (const name of names.names)
        if (!found.includes(name)) {
          const length = norm(table.row(names.indexOf(name)!));
          expect(length).toBeGreaterThan(0);
          expect(length).toBeLessThan(0.2);
        }
    }
  });
});

test('from a file of vectors, on one side or the other, the same for the same seed', async () => {
  const file = join(folder, 'own.safetensors');
  await writeVectors(
    file,
    new Matrix(
      2,
      FACTORS,
      Float32Array.from({ length: 12 }, (_, i) => i),
    ),
    ['i3', 'stranger'],
  );
  const first = await started({ items: { from: file }, norm: 2 });
  expect(Object.keys(first.tables)).toEqual(['item/id']);
  expect(first.reports).toEqual([{ side: 'item', from: 'own.safetensors', matched: 1, fresh: 23 }]);
  const { items } = first.prepared.log;
  const length = norm(Float32Array.of(0, 1, 2, 3, 4, 5));
  [...first.tables['item/id'].row(items.indexOf('i3')!)].forEach((value, i) =>
    expect(value).toBeCloseTo((2 * i) / length, 5),
  );
  const again = await started({ items: { from: file }, norm: 2 });
  expect(again.tables).toEqual(first.tables);
  const other = await started({ items: { from: file }, norm: 2 }, { seed: 5 });
  expect(other.tables).not.toEqual(first.tables);
});

test('training goes on from there, and a two-tower may start from it in turn', async () => {
  const config = configOf(
    { items: { from: join(folder, 'lightgcn') }, users: { from: join(folder, 'lightgcn') } },
    {
      ...{ epochs: 1, batchSize: 64, earlyStopping: false, negatives: [{ kind: 'uniform', count: 10 }] },
      optimizer: { learningRate: 1e-7 },
    },
  );
  const prepared = await prepare(datasetOf(shopRows), config);
  const towers = buildModel(config, shapesOf(prepared));
  const { tables } = await startFromVectors(towers, prepared, config);
  const engine = await createEngine({ kind: 'onnx', threads: 1 });
  const told: StartReport[] = [];
  try {
    const trained = await trainTwoTower(prepared, {
      ...{ config, model: towers, engine, refit: true, onStart: (report) => told.push(report) },
    });
    if (trained.interrupted) throw new Error('interrupted');
    for (const key of ['item/id', 'user/me'])
      trained.fitted.state.tables[key].values.forEach((value, i) =>
        expect(value).toBeCloseTo(tables[key].data[i], 4),
      );
    await trained.save(join(folder, 'tower'));
  } finally {
    await engine.dispose();
  }
  expect(told.map(({ side }) => side)).toEqual(['item', 'user']);
  const { manifest } = await readArtifact(join(folder, 'tower'));
  expect(manifest.recipe.start).toEqual({
    items: { from: 'lightgcn' },
    users: { from: 'lightgcn' },
    norm: 0.6,
  });
  const next = await started({
    items: { from: join(folder, 'tower') },
    users: { from: join(folder, 'tower') },
  });
  expect(next.reports.map(({ matched, fresh }) => [matched, fresh])).toEqual([[24, 0], [40, 0]]); // prettier-ignore
  const scale = next.tables['item/id'].data[0] / tables['item/id'].data[0];
  next.tables['item/id'].data.forEach((value, i) =>
    expect(value).toBeCloseTo(scale * tables['item/id'].data[i], 3),
  );
});

test.each(['lightgcn', 'bpr-mf'] as const)('items and users start from a %s that is fitted', async (kind) => {
  const options = { epochs: 2 };
  const config = configOf({ [kind]: options, users: kind });
  const prepared = await prepare(datasetOf(shopRows), config);
  const towers = buildModel(config, shapesOf(prepared));
  const tables = await startFromFactors(towers, prepared.histories, config, {});
  const common = { ...options, factors: FACTORS, seed: config.seed };
  const expected: { items: Matrix; users: Matrix } =
    kind === 'lightgcn'
      ? await fitted(new LightGcn({ ...common, threads: 1 }), prepared.histories, (model) => ({
          items: model.itemEmbeddings,
          users: model.userEmbeddings,
        }))
      : await fitted(new BprMf(common), prepared.histories, (model) => ({
          items: model.itemFactors,
          users: model.userFactors,
        }));
  for (const [key, own] of [
    ['item/id', expected.items],
    ['user/me', expected.users],
  ] as const) {
    const scale = norm(tables![key].row(0)) / norm(own.row(0));
    tables![key].data.forEach((value, i) => expect(value).toBeCloseTo(scale * own.data[i], 4));
  }
});

test('one model to start from, and users from the same', () => {
  for (const start of [{ als: {}, lightgcn: {} }, { lightgcn: {}, users: 'als' }, { users: 'bpr-mf' }])
    expect(() => configOf(start as Config['start'])).toThrow(refusal('BAD_CONFIG'));
});

test('users start from the ALS of the items, by the config or not at all', async () => {
  const config = configOf({ als: { iterations: 3 }, users: 'als', norm: 0.9 });
  const prepared = await prepare(datasetOf(shopRows), config);
  const towers = buildModel(config, shapesOf(prepared));
  const tables = await startFromFactors(towers, prepared.histories, config, {});
  const alone = await startFromFactors(
    towers,
    prepared.histories,
    configOf({ als: { iterations: 3 }, norm: 0.9 }),
    {},
  );
  expect(Object.keys(alone!)).toEqual(['item/id']);
  expect(tables!['item/id']).toEqual(alone!['item/id']);
  const als = await fit(prepared.histories, {
    factors: FACTORS,
    iterations: 3,
    seed: config.seed,
    threads: 1,
  });
  const { userFactors } = als;
  const scale = norm(tables!['user/me'].row(0)) / norm(userFactors.row(0));
  tables!['user/me'].data.forEach((value, i) => expect(value).toBeCloseTo(scale * userFactors.data[i], 4));
  await als.dispose();
  const lengths = Array.from({ length: 40 }, (_, user) => norm(tables!['user/me'].row(user)));
  expect(lengths.reduce((sum, length) => sum + length) / 40).toBeCloseTo(0.9, 4);
  const narrow = () =>
    twoTower({
      item: itemTower({ dimensions: 6 }),
      user: mlpTower({ inputs: { me: { kind: 'embedding', of: 'id', dimensions: 4 } }, dimensions: 6 }),
    });
  const other = configOf({ als: {}, users: 'als' }, { model: narrow });
  await expect(
    startFromFactors(buildModel(other, shapesOf(prepared)), prepared.histories, other, {}),
  ).rejects.toThrow(refusal('BAD_CONFIG'));
});

describe('what cannot be started from', () => {
  const lightgcn = () => join(folder, 'lightgcn');
  test('other widths, ids, kinds and towers', async () => {
    const wide = () => twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) });
    await expect(started({ items: { from: lightgcn() } }, { model: wide })).rejects.toThrow(
      refusal(
        'SHAPE_MISMATCH',
        "start.items: lightgcn has vectors of 6 dimensions, the item tower's ids have 8",
      ),
    );
    await expect(started({ users: { from: lightgcn() } }, { model: wide })).rejects.toThrow(
      refusal('BAD_CONFIG', 'start: the user tower has no table of user ids to start from other vectors'),
    );
    await expect(started({ items: { from: join(folder, 'item-knn') } })).rejects.toThrow(
      refusal('NO_VECTORS', 'item-knn, of the kind item-knn, has no vectors of its items'),
    );
    const file = join(folder, 'strangers.safetensors');
    await writeVectors(file, new Matrix(1, FACTORS), ['stranger']);
    await expect(started({ users: { from: file } })).rejects.toThrow(
      refusal('NO_OVERLAP', 'strangers.safetensors has none of the 40 users of the interactions'),
    );
    await expect(started({ items: { from: join(folder, 'absent.npy') } })).rejects.toThrow(
      refusal('FILE_NOT_FOUND'),
    );
    await expect(started({ items: { from: folder } })).rejects.toThrow(refusal('ARTIFACT_NOT_FOUND'));
  });

  test.each<[Config['start'], string]>([
    [
      {},
      'config: start: say what from: als: {}, lightgcn: {}, bpr-mf: {}, items: { from } or users: { from }',
    ],
    [{ users: 'als' }, 'config: start.users: there is no such model to start from; say als: {}'],
    [{ als: {}, items: { from: 'x' } }, 'config: start.items: the items start from `als` or from these'],
  ])('%j', (start, message) => {
    expect(() => configOf(start)).toThrow(refusal('BAD_CONFIG', message));
  });
});
