import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

import {
  createIndex,
  type IndexOptions,
  loadIndex,
  type Metric,
  type PgvectorOptions,
  type Predicate,
} from '../../src/index.js';
import { conformance } from '../suite/conformance.js';
import { databaseFailureTests } from './database-failures.js';
import { inspectAll } from './inspect-all.js';
import { naiveSearch, randomAttributes, randomPredicate, randomVectors } from './oracle.js';
import { connectionTo, PASSWORD, type Postgres, startPostgres } from './postgres.js';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const open = (table: string, dimensions: number, more: Partial<IndexOptions & PgvectorOptions> = {}) =>
  createIndex('pgvector', { connection: postgres.connection, table, dimensions, connections: 2, ...more });

async function sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client(postgres.connection);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

let tables = 0;
conformance('pgvector', {
  create: (options) => open(`conformance_${tables++}`, options.dimensions, options),
  load: (path) => loadIndex(path, { connection: postgres.connection }),
  recall: 0.95,
});

describe('pgvector', () => {
  test.each<Metric>(['ip', 'cosine'])('filters mean in SQL what they mean here (%s)', async (metric) => {
    const rng = new Rng(metric.length);
    const vectors = randomVectors(rng, 300, 8);
    vectors.row(5).fill(0);
    const ids = Array.from({ length: 300 }, (_, row) => 2 ** 40 + 7 * row);
    const attributes = randomAttributes(rng, 300);
    const index = await open(`filters_${metric}`, 8, { metric });
    await index.build(vectors, { ids, attributes });
    const items = { vectors, ids, attributes };
    for (let trial = 0; trial < 150; trial++) {
      const filter = {
        where: randomPredicate(rng),
        ...(rng.integer(3) === 0 ? { deny: ids.filter(() => rng.integer(2) === 0) } : {}),
        ...(rng.integer(3) === 0 ? { allow: ids.filter(() => rng.integer(2) === 0) } : {}),
      };
      const query = randomVectors(rng, 1, 8).row(0);
      const { ids: found } = await index.search(query, 300, { filter });
      expect({ filter, found: [...found] }).toEqual({
        filter,
        found: naiveSearch(items, query, 300, metric, filter),
      });
    }
    await index.close();
  });

  test('searches through the graph, and a filter that leaves few still gives k', async () => {
    const rng = new Rng(3);
    const vectors = randomVectors(rng, 5000, 16);
    const attributes = { part: Array.from({ length: 5000 }, (_, i) => i % 500) };
    const index = await open('graph', 16, { metric: 'cosine', ef: 100 });
    await index.build(vectors, { attributes });
    const [{ plan }] = await sql<{ plan: string }>(
      `SELECT indexdef AS plan FROM pg_indexes WHERE indexdef LIKE '%hnsw%' AND tablename = 'graph'`,
    );
    expect(plan).toContain("m='16', ef_construction='64'");
    const queries = randomVectors(rng, 20, 16);
    const ids = [...Array(5000).keys()];
    const found = await index.searchBatch(queries, 10);
    let hits = 0;
    for (let row = 0; row < 20; row++) {
      const truth = new Set(naiveSearch({ vectors, ids }, queries.row(row), 10, 'cosine'));
      hits += [...found[row].ids].filter((id) => truth.has(id)).length;
    }
    expect(hits).toBeGreaterThan(190);
    for (const { ids } of await index.searchBatch(queries, 10, { filter: { where: { part: 77 } } }))
      expect([...ids].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, i) => 77 + 500 * i));
    await index.close();
  });

  test('follows the graph also where the planner would scan the table, so that tuning measures what answers', async () => {
    // The graph is made by a value that the queries do not have: it misses some of what a scan finds.
    const rng = new Rng(4);
    const vectors = randomVectors(rng, 5000, 16);
    for (let row = 0; row < 5000; row++) vectors.row(row)[0] = 20 + (row % 7);
    const index = await open('poor_graph', 16, { ef: 1000 });
    await index.build(vectors);
    const queries = randomVectors(rng, 20, 16);
    for (let row = 0; row < 20; row++) queries.row(row)[0] = 0;
    const items = { vectors, ids: [...Array(5000).keys()] };
    const found = await index.searchBatch(queries, 10);
    const missed = found.flatMap(({ ids }, row) =>
      naiveSearch(items, queries.row(row), 10, 'ip').filter((id) => !ids.includes(id)),
    );
    expect(missed.length).toBeGreaterThan(0);
    await index.close();
  });

  test('names with quotes are names', async () => {
    const table = `it's; DROP TABLE "x" --`;
    await sql('CREATE SCHEMA IF NOT EXISTS "other ""one"""');
    const index = await open(table, 2, { schema: 'other "one"' });
    await index.build(new Matrix(1, 2, Float32Array.of(1, 0)), { attributes: { "a'b\\c": ["d'e"] } });
    expect(await index.search(Float32Array.of(2, 0), 3, { filter: { where: { "a'b\\c": "d'e" } } })).toEqual({
      ids: Float64Array.of(0),
      scores: Float32Array.of(2),
    });
    expect((await index.stats()).bytes).toBeGreaterThan(0);
    await index.close();
  });

  test("a table of someone else's is not touched", async () => {
    await sql('CREATE TABLE orders (id bigint)');
    await expect(open('orders', 2)).rejects.toMatchObject({ code: 'NOT_AN_INDEX' });
    expect(await sql('SELECT * FROM orders')).toEqual([]);
  });

  test('one client sees what another one wrote; attributes too', async () => {
    const [a, b] = [await open('shared', 2), await open('shared', 2)];
    await a.add(new Matrix(1, 2, Float32Array.of(1, 1)), { ids: [5] });
    expect([...(await b.search(Float32Array.of(1, 0), 1)).ids]).toEqual([5]);
    await a.add(new Matrix(1, 2, Float32Array.of(2, 1)), { ids: [6], attributes: { new: ['yes'] } });
    const filter = { where: { new: 'yes' } };
    expect([...(await b.search(Float32Array.of(1, 0), 2, { filter })).ids]).toEqual([6]);
    await expect(b.search(Float32Array.of(1, 0), 2, { filter: { where: { old: 1 } } })).rejects.toMatchObject(
      {
        code: 'BAD_FILTER',
      },
    );
    await Promise.all([a.close(), b.close()]);
  });

  test('an index of another width is served until a build replaces it, and says so', async () => {
    const old = await open('widths', 2);
    await old.build(new Matrix(1, 2, Float32Array.of(1, 1)));
    const index = await open('widths', 3);
    expect(index.size).toBe(0);
    await expect(index.search(new Float32Array(3), 1)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(index.add(new Matrix(1, 3), { ids: [1] })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    expect((await old.search(new Float32Array(2), 1)).ids).toHaveLength(1);
    await index.build(new Matrix(2, 3));
    expect((await index.search(new Float32Array(3), 5)).ids).toEqual(Float64Array.of(0, 1));
    await Promise.all([old.close(), index.close()]);
  });

  test('more than 2,000 dimensions work without a graph', async () => {
    const vectors = randomVectors(new Rng(1), 5, 2500);
    const index = await open('wide', 2500, { metric: 'cosine' });
    await index.build(vectors);
    expect((await index.search(vectors.row(3), 1)).ids).toEqual(Float64Array.of(3));
    await index.close();
  });

  test('what is saved holds no secret and opens again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-pgvector-'));
    const path = join(folder, 'index');
    const index = await open('saved', 2, { ef: 40 });
    await index.build(new Matrix(2, 2, Float32Array.of(1, 0, 0, 1)), { ids: [8, 9] });
    await index.save(path);
    const names = await readdir(path);
    for (const name of names) {
      const text = await readFile(join(path, name), 'utf8');
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), '127.0.0.1'])
        expect(text).not.toContain(secret);
    }
    const again = await loadIndex(path, { connection: postgres.connection });
    expect(again.size).toBe(2);
    expect((await again.stats()).settings).toMatchObject({ table: 'saved', ef: 40 });
    expect([...(await again.search(Float32Array.of(0, 1), 1)).ids]).toEqual([9]);
    await sql('DROP TABLE saved');
    await expect(loadIndex(path, { connection: postgres.connection })).rejects.toMatchObject({
      code: 'INDEX_NOT_FOUND',
    });
    await Promise.all([index.close(), again.close()]);
    await rm(folder, { recursive: true });
  });

  test('a failed build leaves no table behind', async () => {
    const index = await open('tidy', 2);
    const stop = new AbortController();
    const build = index.build(new Matrix(3, 2), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(build).rejects.toThrow('aborted');
    expect(await sql(`SELECT tablename FROM pg_tables WHERE tablename LIKE 'tidy%'`)).toEqual([]);
    await index.close();
  });

  test('strings that PostgreSQL cannot hold', async () => {
    const index = await open('strings', 2);
    for (const bad of ['a\0b', '\ud800']) {
      const attributes = { name: [bad] };
      await expect(index.add(new Matrix(1, 2), { ids: [1], attributes })).rejects.toMatchObject({
        code: 'BAD_ATTRIBUTE',
      });
    }
    await index.add(new Matrix(1, 2), { ids: [1], attributes: { name: ['fine'] } });
    const search = (where: Predicate) => index.search(new Float32Array(2), 1, { filter: { where } });
    expect((await search({ name: { nin: ['a\0b', 'other'] } })).ids).toHaveLength(1);
    await expect(search({ name: { lt: 'a\0b' } })).rejects.toMatchObject({ code: 'BAD_FILTER' });
    await index.close();
  });

  test('no error shows the password', async () => {
    const wrong = [
      `postgres://user:${PASSWORD}@127.0.0.1:1/x`,
      `postgres://user:${PASSWORD}@[bad/x`,
      { host: '127.0.0.1', port: 1, password: PASSWORD },
      { host: 'no.such.host.invalid', password: PASSWORD },
    ];
    for (const connection of wrong) {
      const error = await open('x', 2, { connection, timeout: 3000 }).catch(
        (error: unknown) => error as Error,
      );
      const shown = inspectAll(error);
      expect(shown).toMatch(/UNAVAILABLE|BAD_OPTION|TIMEOUT/);
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(shown).not.toContain(secret);
    }
  });

  test.each([
    [{ table: '' }],
    [{ table: 'x'.repeat(41) }],
    [{ m: 1 }],
    [{ m: 16, efConstruction: 8 }],
    [{ ef: 1001 }],
    [{ timeout: 0 }],
    [{ dimensions: 16_001 }],
    [{ connection: 'postgres://[' }],
  ])('%j is a BAD_OPTION', async (options) => {
    const all = { table: 'options', dimensions: 2, connection: connectionTo(1), ...options };
    await expect(createIndex('pgvector', all)).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  databaseFailureTests({
    start: async () => postgres.port,
    stop: async () => {},
    open: (port, table, timeout) =>
      createIndex('pgvector', {
        connection: connectionTo(port),
        table,
        dimensions: 32,
        batch: 50,
        connections: 1,
        timeout,
      }),
    atomicAdd: true,
  });
});
