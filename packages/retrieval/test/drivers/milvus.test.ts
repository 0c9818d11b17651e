import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { Matrix, Rng } from '@towerkit/core';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createIndex,
  type IndexOptions,
  loadIndex,
  type Metric,
  type MilvusOptions,
  type Predicate,
} from '../../src/index.js';
import { conformance } from '../suite/conformance.js';
import { databaseFailureTests } from './database-failures.js';
import { inspectAll } from './inspect-all.js';
import { MilvusLite, milvusPython } from './milvus-lite.js';
import { naiveSearch, randomAttributes, randomPredicate, randomVectors } from './oracle.js';

const addressOf = (port: number) => `127.0.0.1:${port}`;

(milvusPython ? describe : describe.skip)('with milvus-lite', () => {
  let milvus: MilvusLite;
  let address: string;
  let collections = 0;
  beforeAll(async () => {
    if (!milvusPython) return;
    milvus = await MilvusLite.start();
    address = addressOf(milvus.port);
  });
  afterAll(() => milvus?.stop());

  const open = (collection: string, dimensions: number, more: Partial<IndexOptions & MilvusOptions> = {}) =>
    createIndex('milvus', { address, collection, dimensions, ...more });

  async function raw<T>(ask: (client: MilvusClient) => Promise<T>): Promise<T> {
    const client = new MilvusClient({ address, logLevel: 'none', telemetry: { enabled: false } });
    try {
      return await ask(client);
    } finally {
      await client.closeConnection();
    }
  }

  const namesLike = async (prefix: string) =>
    (await raw((client) => client.showCollections())).data
      .map(({ name }) => name)
      .filter((name) => name.startsWith(prefix));

  conformance('milvus', {
    create: (options) => open(`conformance_${collections++}`, options.dimensions, options),
    load: (path) => loadIndex(path, { address }),
    recall: 0.95,
    items: 2500,
  });

  describe('milvus', () => {
    test.each<Metric>(['ip', 'cosine'])('filters mean there what they mean here (%s)', async (metric) => {
      const rng = new Rng(metric.length);
      const vectors = randomVectors(rng, 200, 8);
      vectors.row(5).fill(0);
      const ids = Array.from({ length: 200 }, (_, row) => 2 ** 40 + 7 * row);
      const attributes = randomAttributes(rng, 200);
      const index = await open(`filters_${metric}`, 8, { metric });
      await index.build(vectors, { ids, attributes });
      const items = { vectors, ids, attributes };
      for (let trial = 0; trial < 100; trial++) {
        const filter = {
          where: randomPredicate(rng),
          ...(rng.integer(3) === 0 ? { deny: ids.filter(() => rng.integer(2) === 0) } : {}),
          ...(rng.integer(3) === 0 ? { allow: ids.filter(() => rng.integer(2) === 0) } : {}),
        };
        const query = randomVectors(rng, 1, 8).row(0);
        const { ids: found } = await index.search(query, 200, { filter });
        expect({ filter, found: [...found] }).toEqual({
          filter,
          found: naiveSearch(items, query, 200, metric, filter),
        });
      }
      await index.close();
    });

    test('the graph is HNSW, and a filter that leaves few still gives k', async () => {
      const rng = new Rng(3);
      const vectors = randomVectors(rng, 3000, 16);
      const attributes = { part: Array.from({ length: 3000 }, (_, i) => i % 300) };
      const index = await open('graph', 16, { metric: 'cosine', ef: 100 });
      await index.build(vectors, { attributes });
      const described = await raw((client) => client.describeIndex({ collection_name: 'graph' }));
      expect(
        Object.fromEntries(described.index_descriptions[0].params.map(({ key, value }) => [key, value])),
      ).toMatchObject({ index_type: 'HNSW', metric_type: 'IP' });
      const queries = randomVectors(rng, 10, 16);
      for (const { ids } of await index.searchBatch(queries, 10, { filter: { where: { part: 77 } } }))
        expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => 77 + 300 * i));
      await index.close();
    });

    test("a collection of someone else's is not touched", async () => {
      await raw((client) =>
        client.createCollection({
          collection_name: 'theirs',
          fields: [
            { name: 'id', data_type: 'Int64', is_primary_key: true },
            { name: 'v', data_type: 'FloatVector', dim: 2 },
          ],
        }),
      );
      await expect(open('theirs', 2)).rejects.toMatchObject({ code: 'NOT_AN_INDEX' });
      expect(await namesLike('theirs')).toEqual(['theirs']);
    });

    test('one client sees what another one wrote; attributes too', async () => {
      const [a, b] = [await open('shared', 2), await open('shared', 2)];
      await a.add(new Matrix(1, 2, Float32Array.of(1, 1)), { ids: [5] });
      expect([...(await b.search(Float32Array.of(1, 0), 1)).ids]).toEqual([5]);
      await a.add(new Matrix(1, 2, Float32Array.of(2, 1)), { ids: [6], attributes: { new: ['yes'] } });
      const filter = { where: { new: 'yes' } };
      expect([...(await b.search(Float32Array.of(1, 0), 2, { filter })).ids]).toEqual([6]);
      await expect(
        b.search(Float32Array.of(1, 0), 2, { filter: { where: { old: 1 } } }),
      ).rejects.toMatchObject({ code: 'BAD_FILTER' });
      await Promise.all([a.close(), b.close()]);
    });

    test('a build leaves one collection, whether it ends or fails', async () => {
      const index = await open('tidy', 2);
      await index.build(new Matrix(3, 2));
      await index.build(new Matrix(4, 2));
      const names = await namesLike('tidy');
      expect(names).toHaveLength(1);
      const stop = new AbortController();
      const build = index.build(new Matrix(3, 2), { signal: stop.signal, onProgress: () => stop.abort() });
      await expect(build).rejects.toThrow('aborted');
      expect(await namesLike('tidy')).toEqual(names);
      expect(index.size).toBe(4);
      await index.close();
    });

    test('an index of another width is served until a build replaces it, and says so', async () => {
      const old = await open('widths', 2);
      await old.build(new Matrix(1, 2, Float32Array.of(1, 1)));
      const index = await open('widths', 3);
      expect(index.size).toBe(0);
      await expect(index.search(new Float32Array(3), 1)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
      await expect(index.add(new Matrix(1, 3), { ids: [1] })).rejects.toMatchObject({
        code: 'SHAPE_MISMATCH',
      });
      expect((await old.search(new Float32Array(2), 1)).ids).toHaveLength(1);
      await index.build(new Matrix(2, 3));
      expect((await index.search(new Float32Array(3), 5)).ids).toEqual(Float64Array.of(0, 1));
      await Promise.all([old.close(), index.close()]);
    });

    test('what is saved holds no secret and opens again', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'towerkit-milvus-'));
      const path = join(folder, 'index');
      const index = await open('saved', 2, { ef: 40, client: { token: 'root:never-shown' } });
      await index.build(new Matrix(2, 2, Float32Array.of(1, 0, 0, 1)), { ids: [8, 9] });
      await index.save(path);
      for (const name of await readdir(path)) {
        const text = await readFile(join(path, name), 'utf8');
        for (const secret of ['never-shown', '127.0.0.1']) expect(text).not.toContain(secret);
      }
      const again = await loadIndex(path, { address });
      expect(again.size).toBe(2);
      expect((await again.stats()).settings).toMatchObject({ collection: 'saved', ef: 40 });
      expect([...(await again.search(Float32Array.of(0, 1), 1)).ids]).toEqual([9]);
      await raw(async (client) => {
        await client.dropAlias({ alias: 'saved' });
      });
      await expect(loadIndex(path, { address })).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
      await Promise.all([index.close(), again.close()]);
      await rm(folder, { recursive: true });
    });

    test('strings that an expression cannot name', async () => {
      const index = await open('strings', 2);
      for (const bad of ['a\nb', '\ud800'])
        await expect(
          index.add(new Matrix(1, 2), { ids: [1], attributes: { name: [bad] } }),
        ).rejects.toMatchObject({ code: 'BAD_ATTRIBUTE' });
      await index.add(new Matrix(1, 2), { ids: [1], attributes: { name: ['fine'] } });
      const search = (where: Predicate) => index.search(new Float32Array(2), 1, { filter: { where } });
      expect((await search({ name: { nin: ['a\nb', 'other'] } })).ids).toHaveLength(1);
      await expect(search({ name: { lt: 'a\nb' } })).rejects.toMatchObject({ code: 'BAD_FILTER' });
      await index.close();
    });

    databaseFailureTests({
      start: async () => milvus.port,
      stop: async () => {},
      open: (port, collection, timeout) =>
        createIndex('milvus', { address: addressOf(port), collection, dimensions: 32, batch: 50, timeout }),
      atomicAdd: false,
    });
  });
});

describe('milvus, without a server', () => {
  test('UNAVAILABLE, and no secret shown', async () => {
    const secrets = { username: 'root', password: 'never shown', token: 'also never shown' };
    const options = {
      address: '127.0.0.1:1',
      collection: 'x',
      dimensions: 2,
      timeout: 3000,
      client: secrets,
    };
    const error = await createIndex('milvus', options).catch((error: unknown) => error);
    const shown = inspectAll(error);
    expect(error).toMatchObject({ code: expect.stringMatching('UNAVAILABLE|TIMEOUT') });
    for (const secret of [secrets.password, secrets.token]) expect(shown).not.toContain(secret);
  });

  test.each([
    [{ collection: '' }],
    [{ collection: 'a b' }],
    [{ m: 1 }],
    [{ ef: 0 }],
    [{ timeout: 0 }],
    [{ dimensions: 40_000 }],
  ])('%j is a BAD_OPTION', async (options) => {
    const all = { address: '127.0.0.1:1', collection: 'x', dimensions: 2, ...options };
    await expect(createIndex('milvus', all)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});
