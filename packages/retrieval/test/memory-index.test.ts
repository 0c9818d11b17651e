import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createIndex, loadIndex } from '../src/index.js';
import { optionalPackage } from '../src/drivers/missing-driver.js';
import { printManifest } from '../src/files/manifest.js';
import type { Engine, EngineKind } from '../src/memory/engine.js';
import { MemoryIndex } from '../src/memory/memory-index.js';
import { clustered, columnsOf, itemsOf, ranked } from './suite/vectors.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'towerkit-memory-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const D = 8;
const items = itemsOf(clustered(5_000, D));
const [query, other] = [clustered(1, D, 4).data, clustered(1, D, 6).data];

describe('tombstones', () => {
  test('are taken out when they outnumber the items', async () => {
    const index = await createIndex('exact', { dimensions: D });
    const { vectors, ids, attributes } = columnsOf(items);
    await index.build(vectors, { ids, attributes });
    await index.remove(ids.slice(0, 2_400));
    expect(await index.stats()).toMatchObject({ size: 2_600, tombstones: 2_400 });
    const before = await index.search(query, 20, { filter: { where: { price: { lt: 500 } } } });
    await index.remove(ids.slice(4_000, 4_300));
    expect(await index.stats()).toMatchObject({ size: 2_300, tombstones: 0 });
    const left = [...items.slice(2_400, 4_000), ...items.slice(4_300)];
    const wanted = ranked(left, query).slice(0, 20);
    expect([...(await index.search(query, 20)).ids]).toEqual(wanted.map(({ id }) => id));
    const after = await index.search(query, 20, { filter: { where: { price: { lt: 500 } } } });
    const gone = new Set(ids.slice(4_000, 4_300));
    expect([...before.ids].filter((id) => !gone.has(id))).toEqual(
      [...after.ids].slice(0, before.ids.filter((id) => !gone.has(id)).length),
    );
    await index.close();
  });

  test('updates over and over do not let it grow without end', async () => {
    const index = await createIndex('exact', { dimensions: D, scan: 'int8' });
    const { vectors, ids } = columnsOf(items.slice(0, 600));
    await index.build(vectors, { ids });
    for (let round = 0; round < 6; round++) {
      await index.add(vectors, { ids });
      expect((await index.stats()).tombstones).toBeLessThanOrEqual(1_200);
    }
    expect(index.size).toBe(600);
    await index.close();
  });
});

test('a batch under way finishes on what it began with', async () => {
  const index = await createIndex('exact', { dimensions: D });
  const { vectors, ids } = columnsOf(items);
  await index.build(vectors, { ids });
  const queries = new Matrix(2, D, Float32Array.of(...query, ...other));
  const batch = index.searchBatch(queries, 5);
  await Promise.all([
    index.remove(ids.slice(0, 3_000)),
    index.build(vectors.gather([0, 1]), { ids: [1, 2] }),
  ]);
  const wanted = [query, other].map((vector) =>
    ranked(items, vector)
      .slice(0, 5)
      .map(({ id }) => id),
  );
  expect((await batch).map((found) => [...found.ids])).toEqual(wanted);
  expect(index.size).toBe(2);
  await index.close();
});

test('vectors are copied', async () => {
  const index = await createIndex('exact', { dimensions: 2 });
  const vectors = new Matrix(2, 2, Float32Array.of(1, 0, 0, 1));
  const build = index.build(vectors);
  vectors.data.fill(9);
  await build;
  expect([...(await index.search(Float32Array.of(0, 1), 2)).scores]).toEqual([1, 0]);
  await index.close();
});

describe('hnsw', () => {
  const options = { dimensions: D, connectivity: 12, efConstruction: 64, ef: 40 };

  test('a mapped graph takes additions, though its folder was replaced or is gone', async () => {
    const path = join(folder, 'mapped');
    const index = await createIndex('hnsw', options);
    const { vectors, ids } = columnsOf(items);
    await index.build(vectors, { ids });
    await index.save(path);
    const mapped = await loadIndex(path);
    const found = await mapped.search(query, 10);
    expect(found.ids).toEqual((await index.search(query, 10)).ids);
    // Another index in its place, and then none.
    await index.build(vectors.gather([0]), { ids: [3] });
    await index.save(path);
    await rm(path, { recursive: true });
    const some = await mapped.search(query, 9, { filter: { allow: ids.slice(0, 30) } });
    expect([...some.ids]).toEqual(
      ranked(items.slice(0, 30), query)
        .slice(0, 9)
        .map(({ id }) => id),
    );
    await mapped.add(
      new Matrix(
        1,
        D,
        query.map((x) => 100 * x),
      ),
      { ids: [9_999_999] },
    );
    expect([...(await mapped.search(query, 10)).ids]).toEqual([9_999_999, ...[...found.ids].slice(0, 9)]);
    await Promise.all([index.close(), mapped.close()]);
  });

  test('searches while an addition is under way', async () => {
    const index = await createIndex('hnsw', options);
    const { vectors, ids } = columnsOf(items);
    await index.build(vectors, { ids });
    const more = Float64Array.from({ length: 3_000 }, (_, i) => 1e6 + i);
    let done = false;
    const near = new Matrix(
      3_000,
      D,
      new Float32Array(3_000 * D).map((_, i) => 50 * query[i % D]),
    );
    const add = index.add(near, { ids: more }).then(() => (done = true));
    const before = new Set(ids);
    while (!done) {
      const { size } = index;
      const found = await index.search(query, 10);
      expect(found.ids).toHaveLength(10);
      if (size === 5_000) expect([...found.ids].filter((id) => !before.has(id))).toEqual([]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await add;
    const { ids: nearest } = await index.search(query, 10);
    expect([...nearest].filter((id) => before.has(id))).toEqual([]); // the new ones are fifty times as good
    await index.close();
  });

  test('settings are saved; a load may change ef', async () => {
    const path = join(folder, 'settings');
    const index = await createIndex('hnsw', { ...options, precision: 'f16' });
    await index.build(columnsOf(items.slice(0, 50)).vectors);
    await index.tunable!.set(33);
    await index.save(path);
    const { settings } = await index.stats();
    expect(settings).toEqual({ connectivity: 12, efConstruction: 64, ef: 33, precision: 'f16' });
    const loaded = await loadIndex(path);
    expect((await loaded.stats()).settings).toEqual(settings);
    const wider = await loadIndex(path, { ef: 99 });
    expect((await wider.stats()).settings).toEqual({ ...settings, ef: 99 });
    await Promise.all([index, loaded, wider].map((each) => each.close()));
  });

  test('progress, and a build that is stopped half way', async () => {
    const index = await createIndex('hnsw', options);
    const { vectors, ids } = columnsOf(items);
    await index.build(vectors.gather([0]), { ids: [1] });
    const stop = new AbortController();
    const seen: number[] = [];
    const build = index.build(vectors, {
      ids,
      signal: stop.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 3_000) stop.abort(new Error('enough'));
      },
    });
    expect((await index.search(query, 5)).ids).toHaveLength(1); // the old one is served
    await expect(build).rejects.toThrow('enough');
    expect(seen).toEqual([1_000, 2_000, 3_000]);
    expect(index.size).toBe(1);
    await index.close();
  });

  test.each([
    { ef: 0 },
    { connectivity: 1.5 },
    { efConstruction: -1 },
    { precision: 'f8' as never },
    { threads: 0 },
  ])('BAD_OPTION: %j', async (bad) => {
    await expect(createIndex('hnsw', { ...options, ...bad })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

test('an engine that fails to take an addition: nothing changed, and the next is in its place', async () => {
  let fails = true;
  const taken: [number, number][] = [];
  const kind: EngineKind = {
    name: 'fake',
    settings: {},
    load: () => Promise.reject(new Error('never')),
    build: async ({ rows }) => ({
      ...noAnswers,
      covered: rows,
      async add(more, first) {
        if (fails) throw new Error('out of memory');
        taken.push([first, more.rows]);
      },
    }),
  };
  const memory = { dimensions: D, metric: 'ip', coded: false, threads: 1 } as const;
  const index = await MemoryIndex.create('fake', memory, {}, kind);
  const { vectors, ids, attributes } = columnsOf(items.slice(0, 100));
  await index.build(vectors, { ids, attributes });
  const more = columnsOf(items.slice(100, 130));
  await expect(index.add(more.vectors, more)).rejects.toThrow('out of memory');
  expect(index.size).toBe(100);
  expect([...(await index.search(query, 5)).ids]).toEqual(
    ranked(items.slice(0, 100), query)
      .slice(0, 5)
      .map(({ id }) => id),
  );
  fails = false;
  await index.add(more.vectors, more);
  expect(taken).toEqual([[130, 30]]);
  const wanted = ranked(items.slice(0, 130), query)
    .slice(0, 50)
    .map(({ id }) => id);
  expect([...(await index.search(query, 50)).ids]).toEqual(wanted);
  const { where } = { where: { price: { lt: 300 } } };
  const cheap = items.slice(0, 130).filter(({ price }) => price < 300);
  expect([...(await index.search(query, 200, { filter: { where } })).ids]).toEqual(
    ranked(cheap, query).map(({ id }) => id),
  );
  await index.close();
});

const noAnswers: Engine = {
  covered: 0,
  exactScores: true,
  bytes: 0,
  settings: {},
  add: () => Promise.resolve(),
  search: () => ({ slots: new Int32Array(0), scores: new Float32Array(0) }),
  searchBatch: () => [],
  save: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

test('MISSING_DRIVER says how to install', async () => {
  const missing = optionalPackage('usearch', '2.25.3', () => Promise.reject(new Error('not found')));
  await expect(missing).rejects.toMatchObject({
    code: 'MISSING_DRIVER',
    hint: expect.stringContaining('npm install usearch@2.25.3'),
  });
});

test('a driver that there is not, a scan that there is not', async () => {
  await expect(createIndex('annoy' as 'exact', { dimensions: 3 })).rejects.toMatchObject({
    code: 'BAD_OPTION',
  });
  const scan = 'f64' as never;
  await expect(createIndex('exact', { dimensions: 3, scan })).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

describe('BAD_INDEX: a manifest', () => {
  const path = () => join(folder, 'manifest');
  const file = () => join(path(), 'index.json');
  beforeAll(async () => {
    const index = await createIndex('exact', { dimensions: 2 });
    await index.build(new Matrix(1, 2));
    await index.save(path());
    await index.close();
  });

  test.each<[string, (text: string) => string]>([
    ['of another version', (text) => text.replace('"version": 1', '"version": 2')],
    ['of another format', (text) => text.replace('towerkit-index', 'faiss')],
    ['with another size', (text) => text.replace('"size": 1', '"size": 2')],
    ['that is no JSON', (text) => text.slice(1)],
    ['that is null', () => 'null'],
    ['that names a file elsewhere', (text) => sealed(text, { files: { '../x': { bytes: 1, sha256: '' } } })],
    ['without dimensions', (text) => sealed(text, { dimensions: 0 })],
    ['of a scan that there is not', (text) => sealed(text, { settings: { scan: 'f8' } })],
    ['with more items than ids', (text) => sealed(text, { size: 2 })],
  ])('%s', async (_, change) => {
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), change(text));
    await expect(loadIndex(path())).rejects.toMatchObject({ code: 'BAD_INDEX' });
    await writeFile(file(), text);
  });

  /** The manifest with something changed, and a checksum that fits. */
  function sealed(text: string, changed: object): string {
    const rest = JSON.parse(text);
    for (const name of ['format', 'version', 'sha256']) delete rest[name];
    return printManifest({ ...rest, ...changed });
  }
});
