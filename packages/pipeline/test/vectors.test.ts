import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { encodeSafetensors, type Matrix } from '@towerkit/core';
import { writeParquet } from '@towerkit/data';
import type { AnswerItem, TwoTowerRecommender } from '@towerkit/recommend';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  addItems,
  checkConfig,
  prepare,
  shapesOf,
  trainRecommender,
  type LocatedDataset,
  type ModelShapes,
  type TrainedRecommender,
} from '../src/index.js';
import { arraysOf, opened, shopItems, shopRows } from './toy.js';

const KINDS = ['tea', 'lamp', 'novel', 'ball'];
/** A picture of an item shows its kind, and a user's taste is one. */
const vectorOf = (kind: string, scale = 1) =>
  KINDS.map((one, place) => scale * (one === kind ? 3 : 0.01 * place));

let folder: string;
let recommender: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-vectors-'));
  // Of all items but two, in another order, and of one that nobody had.
  const shown = [...shopItems.slice(2).reverse(), { id: 'unknown', kind: 'tea' }];
  await writeParquet(join(folder, 'pictures.parquet'), {
    sku: { type: 'VARCHAR', values: shown.map(({ id }) => id) },
    vector: { type: 'FLOAT[]', values: shown.map(({ kind }) => vectorOf(kind)) },
  });
  // Of all users but the last two.
  const tastes = Array.from({ length: 38 }, (_, user) => vectorOf(KINDS[user % 4]));
  await writeFile(
    join(folder, 'tastes.safetensors'),
    encodeSafetensors(
      { tastes: { shape: [38, 4], data: Float32Array.from(tastes.flat()) } },
      { ids: JSON.stringify(tastes.map((_, user) => `u${user}`)) },
    ),
  );
  recommender = await trainRecommender({
    interactions: arraysOf(shopRows),
    items: shopItems,
    features: { vectors: { picture: { file: join(folder, 'pictures.parquet'), idColumn: 'sku' } } },
    userFeatures: { vectors: { taste: { file: join(folder, 'tastes.safetensors'), missing: true } } },
    model: ({ vectors, user }: ModelShapes) =>
      twoTower({
        item: itemTower({ dimensions: 8, content: vectors }),
        user: gruTower({ dimensions: 8, dropout: 0, inputs: user.inputs }),
        idDropout: 0.5,
      }),
    negatives: [{ kind: 'uniform', count: 10 }],
    ...{ batchSize: 64, epochs: 16, threads: 1, seed: 3, earlyStopping: false },
    optimizer: { learningRate: 0.03 },
  });
});
afterAll(async () => {
  await recommender?.dispose();
  await rm(folder, { recursive: true });
});

const refusal = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message && { message }) });
const kindsOf = (items: readonly AnswerItem[]) => items.map(({ id }) => shopItems[Number(id.slice(1))].kind);
const rowsOf = (of: TrainedRecommender) => (of.artifact.model as unknown as TwoTowerRecommender).userRows;

describe('vectors of users', () => {
  test('a newcomer with a vector gets what people of that taste take', async () => {
    for (const kind of KINDS) {
      const { items, source } = await recommender.recommend({ features: { taste: vectorOf(kind, 1) } }, 4);
      expect(source).toBe('two-tower');
      expect(kindsOf(items)).toEqual([kind, kind, kind, kind]);
    }
  });

  test('a known user is asked with the vector of the file, of length 1; one without it is flagged', async () => {
    const { users, histories, validation, items } = recommender.artifact;
    const { taste } = rowsOf(recommender);
    expect(taste.cols).toBe(5);
    const length = Math.hypot(...vectorOf('lamp'));
    vectorOf('lamp').forEach((value, i) =>
      expect(taste.row(users.indexOf('u1')!)[i]).toBeCloseTo(value / length, 6),
    );
    expect([...taste.row(users.indexOf('u39')!)]).toEqual([0, 0, 0, 0, 1]);
    const user = users.indexOf('u1')!;
    const history = [...histories.row(user), ...validation!.row(user)].map((item) => items.nameOf(item));
    const known = await recommender.recommend({ user: 'u1' }, 8);
    expect(await recommender.recommend({ history, features: { taste: vectorOf('lamp') } }, 8)).toEqual(known);
    expect(await recommender.recommend({ history }, 8)).not.toEqual(known);
  });

  test.each([
    [{ taste: [1, 2] }, 'BAD_FEATURE', 'the feature taste must be a list of 4 finite numbers'],
    [{ taste: [1, 2, 3, Infinity] }, 'BAD_FEATURE', undefined],
    [{ taste: [1, 2, 3, '4'] }, 'BAD_FEATURE', undefined],
    [{ taste: 'tea' }, 'BAD_FEATURE', undefined],
    [{ tastes: [1, 2, 3, 4] }, 'UNKNOWN_FEATURE', 'this model reads no feature "tastes" of users'],
  ])('%j is refused', async (features, code, message) => {
    await expect(recommender.recommend({ features }, 3)).rejects.toThrow(refusal(code, message));
  });

  test('of zeros nothing is known', async () => {
    for (const taste of [null, [0, 0, 0, 0]])
      expect((await recommender.recommend({ features: { taste } }, 3)).source).toBe('popularity');
  });
});

describe('vectors of items', () => {
  let at: string;
  beforeAll(async () => {
    at = join(folder, 'saved');
    await recommender.save(at);
    await writeFile(join(folder, 'new.csv'), 'id,title\nn1,a lamp\nn2,a tea\nn3,nobody knows\n');
    await writeParquet(join(folder, 'new.parquet'), {
      sku: { type: 'VARCHAR', values: ['n2', 'n1'] },
      vector: { type: 'FLOAT[]', values: [vectorOf('tea', 9), vectorOf('lamp', 0.5)] },
    });
  });
  const copy = async () => {
    const to = await mkdtemp(join(folder, 'copy-'));
    await cp(at, to, { recursive: true });
    return to;
  };
  const add = (artifact: string, vectors = {}) =>
    addItems({ artifact, items: join(folder, 'new.csv'), vectors, threads: 1 });

  test('a new item by its vector stands with those of its kind; the file is read as the trained one', async () => {
    const to = await copy();
    expect(await add(to, { picture: { file: join(folder, 'new.parquet') } })).toMatchObject({
      ...{ added: 3, items: 27, withoutVector: { picture: 1 } },
    });
    await opened(to, async (artifact) => {
      const { itemVectors } = artifact.model as unknown as { itemVectors: Matrix };
      const asked = await artifact.engine.ranker.content!.encode([
        { features: { picture: vectorOf('lamp', 20) } },
        { features: { picture: vectorOf('tea') } },
      ]);
      for (const [row, id] of [
        [0, 'n1'],
        [1, 'n2'],
      ] as const)
        // prettier-ignore
        asked.row(row).forEach((value, i) =>
          expect(itemVectors.row(artifact.items.indexOf(id)!)[i]).toBeCloseTo(value, 5),
        );
      const { items } = await artifact.recommend({ features: { taste: vectorOf('lamp') } }, 7);
      expect(items.map(({ id }) => id)).toContain('n1');
      expect(items.map(({ id }) => id)).not.toContain('n2');
    });
  });

  test('without a file they have none; other widths, ids and features are refused, and nothing changes', async () => {
    expect(await add(await copy())).toMatchObject({ withoutVector: { picture: 3 } });
    const to = await copy();
    const { version } = await verifyArtifact(to);
    const wide = join(folder, 'wide.parquet');
    await writeParquet(wide, {
      sku: { type: 'VARCHAR', values: ['n1'] },
      vector: { type: 'FLOAT[]', values: [[1, 2]] },
    });
    await expect(add(to, { picture: { file: wide } })).rejects.toThrow(
      refusal('SHAPE_MISMATCH', 'wide.parquet has vectors of 2 dimensions, picture was trained with 4'),
    );
    await expect(add(to, { photo: { file: wide } })).rejects.toThrow(refusal('BAD_OPTION'));
    await expect(add(to, { picture: { file: join(folder, 'pictures.parquet') } })).rejects.toThrow(
      refusal('NO_OVERLAP'),
    );
    expect((await verifyArtifact(to)).version).toBe(version);
  });
});

describe('data.features.vectors', () => {
  beforeAll(async () => {
    await writeFile(join(folder, 'taken.csv'), 'who,what\na,x\na,y\na,z\nb,x\nb,y\nc,y\nc,x\n');
    await writeFile(join(folder, 'items.csv'), 'what,title\nz,Z\ny,Y\nx,X\n');
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }`.padEnd(117);
    const start = Buffer.alloc(10);
    start.write('\x93NUMPY\x01\x00v', 'latin1');
    start.writeUInt16LE(118, 8);
    const values = Buffer.from(Float32Array.of(0, 5, 3, 4, 2, 0).buffer);
    await writeFile(join(folder, 'three.npy'), Buffer.concat([start, Buffer.from(`${header}\n`), values]));
  });
  const located = (catalog?: string): LocatedDataset => ({
    name: 'files',
    folder,
    source: {
      interactions: { file: 'taken.csv', columns: { user: 'who', item: 'what' } },
      ...(catalog && { catalog: { file: catalog, columns: { id: 'what', title: 'title' } } }),
    },
  });
  const prepared = (data: object, catalog?: string) =>
    prepare(located(catalog), checkConfig({ name: 'files', data }), undefined, { cache: folder });

  test('a file without ids has the rows of the catalog, in its order', async () => {
    const ready = await prepared({ features: { vectors: { v: { file: 'three.npy' } } } }, 'items.csv');
    const { log, vectors } = ready;
    const row = (id: string) => [...vectors.features.v.row(log.items.indexOf(id)!)];
    expect(row('z')).toEqual([0, 1]);
    expect(row('y').map((x) => +x.toFixed(6))).toEqual([0.6, 0.8]);
    expect(vectors.overlap).toEqual({ v: { without: 0, unused: 0 } });
    expect(shapesOf(ready)).toMatchObject({ vectors: { v: 2 }, content: {}, user: { vectors: {} } });
    await writeFile(join(folder, 'more.csv'), 'what,title\nz,Z\ny,Y\nx,X\nw,W\n');
    await expect(
      prepared({ features: { vectors: { v: { file: 'three.npy' } } } }, 'more.csv'),
    ).rejects.toThrow(
      refusal('SHAPE_MISMATCH', 'three.npy says no ids for its 3 rows, and the catalog has 4'),
    );
    await expect(prepared({ features: { vectors: { v: { file: 'three.npy' } } } })).rejects.toThrow(
      refusal(
        'SHAPE_MISMATCH',
        'three.npy says no ids for its 3 rows, and there is no catalog whose order they could be in',
      ),
    );
  });

  test('a name that another feature has is refused', () => {
    const features = { numeric: { v: {} }, vectors: { v: { file: 'three.npy' } } };
    expect(() => checkConfig({ name: 'x', data: { features } })).toThrow(
      refusal(
        'BAD_CONFIG',
        'config: data.features.vectors.v: there is another feature "v"; give the vectors another name',
      ),
    );
  });

  test('vectors of users need no table of users, and have ids', async () => {
    const users = (ids: object) => ({
      users: { features: { vectors: { v: { file: 'three.npy', ...ids } } } },
    });
    await writeFile(join(folder, 'who.txt'), 'c\nd\na\n');
    const ready = await prepared(users({ ids: 'who.txt' }));
    expect(ready.users!.table).toBeUndefined();
    expect(ready.users!.vectors.overlap).toEqual({ v: { without: 1, unused: 1 } });
    expect([...ready.users!.vectors.features.v.row(ready.log.users.indexOf('a')!)]).toEqual([1, 0]);
    await expect(prepared(users({}))).rejects.toThrow(refusal('SHAPE_MISMATCH'));
    expect(() => checkConfig({ name: 'x', data: users({ id: 'who.txt' }) })).toThrow(
      refusal(
        'BAD_CONFIG',
        'config: there is no key "data.users.features.vectors.v.id"; did you mean "ids"?',
      ),
    );
  });
});
