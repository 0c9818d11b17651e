import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildIndex, openArtifact, type BuildIndexOptions, type BuiltIndex } from '@towerkit/recommend';
import { join } from 'node:path';

import { MilvusLite, milvusPython } from '../../../packages/retrieval/test/drivers/milvus-lite.js';
import { PASSWORD, startPostgres, type Postgres } from '../../../packages/retrieval/test/drivers/postgres.js';
import type { ServeOptions } from '../src/options.js';
import type { Answer } from '../src/schemas/recommendations.js';
import { artifact, copyOf, scratch, startServer, type TestServer } from './setup/server.js';

const K = 10;

/** What a server that does not start says. */
const failure = (start: Promise<TestServer>): Promise<string> =>
  start.then((server) => server.stop().then(() => 'it started'), String);

/** An artifact with an index: by name, what it is a copy of and how its index is built. */
interface Indexed {
  readonly of: 'large' | 'als';
  readonly build: BuildIndexOptions;
}

const GOOD: Record<string, Indexed> = {
  hnsw: { of: 'large', build: { driver: 'hnsw', options: { threads: 1 }, recall: 1 } },
  ivf: { of: 'large', build: { driver: 'ivf', options: { threads: 1 }, recall: 0.99 } },
  'als-hnsw': { of: 'als', build: { driver: 'hnsw', options: { threads: 1 }, recall: 1 } },
};
const BAD: Record<string, Indexed> = {
  'hnsw-bad': {
    of: 'large',
    build: {
      driver: 'hnsw',
      options: { threads: 1, connectivity: 2, efConstruction: 1, precision: 'i8' },
      recall: 0.01, // the least setting will do
    },
  },
};

describe('artifacts with an index', () => {
  let remove: () => Promise<void>;
  let postgres: Postgres | undefined;
  let milvus: MilvusLite | undefined;
  let server: TestServer;
  let options: ServeOptions;
  let indexed: Record<string, Indexed>;
  const built: Record<string, BuiltIndex> = {};

  beforeAll(async () => {
    const own = await scratch();
    remove = own.remove;
    postgres = await startPostgres();
    if (milvusPython !== undefined) milvus = await MilvusLite.start();
    const { connection } = postgres;
    const address = milvus && `127.0.0.1:${milvus.port}`;
    const database = { of: 'large' as const };
    indexed = {
      ...GOOD,
      ...BAD,
      pgvector: {
        ...database,
        build: {
          driver: 'pgvector',
          // pgvector draws the levels of its graph anew each time: with fewer edges the recall is .95 to 1.
          options: { connection, table: 'items', connections: 2, m: 32, efConstruction: 256 },
          recall: 1,
        },
      },
      ...(address && {
        milvus: {
          ...database,
          build: { driver: 'milvus', options: { address, collection: 'items' }, recall: 1 },
        },
      }),
    };
    for (const [name, { of, build }] of Object.entries(indexed)) {
      const opened = await openArtifact(await copyOf(of, join(own.folder, name)));
      built[name] = await buildIndex(opened, build);
      await opened.model.dispose?.();
    }
    options = {
      artifacts: [
        artifact('large'),
        artifact('als'),
        ...Object.keys(indexed).map((name) => join(own.folder, name)),
      ],
      index: { pgvector: { connection, connections: 2 }, ...(address && { milvus: { address } }) },
      minRecall: 0,
      measureShare: 1,
    };
    server = await startServer(own.folder, options);
  });
  afterAll(async () => {
    await server?.stop();
    await postgres?.stop();
    await milvus?.stop();
    await remove();
  });

  const recommend = async (body: object) => {
    const { status, body: answer } = await server.post<Answer>('/v1/recommendations', { k: K, ...body });
    expect(status).toBe(200);
    return answer.items;
  };
  /** Of the exact answers to these questions, the share that a model gives, by question. */
  async function shares(name: string, questions: readonly object[]): Promise<number[]> {
    const { of } = indexed[name];
    const found: number[] = [];
    for (const question of questions) {
      const wanted = await recommend({ ...question, model: of });
      const items = await recommend({ ...question, model: name });
      const scores = new Map(wanted.map(({ id, score }) => [id, score]));
      const both = items.filter(({ id }) => scores.has(id));
      for (const { id, score } of both) expect(score).toBeCloseTo(scores.get(id)!, 3);
      expect(items.map(({ score }) => score)).toEqual(items.map(({ score }) => score).sort((a, b) => b - a));
      found.push(both.length / wanted.length);
    }
    return found;
  }
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
  const metric = async (name: string, model: string): Promise<number> => {
    const { body } = await server.get<string>('/metrics');
    return Number(new RegExp(`^${name}\\{model="${model}"\\} (.+)$`, 'm').exec(body)![1]);
  };

  /** Histories of one to four items, some with a filter. */
  const questions = Array.from({ length: 24 }, (_, n) => {
    const item = (place: number) => `P${String(1 + ((n * 1037 + place * 311) % 5000)).padStart(4, '0')}`;
    const history = Array.from({ length: 1 + (n % 4) }, (_, place) => item(place));
    return { history, ...(n % 3 === 0 && { filter: { price: { lt: 60 } } }) };
  });

  test('are served with it, whatever its driver', async () => {
    const { body } = await server.get<{ models: { name: string; index: string; recall: number }[] }>(
      '/v1/models',
    );
    const found = Object.fromEntries(body.models.map(({ name, index }) => [name, index]));
    const wanted = Object.entries(indexed).map(([name, { build }]) => [name, build.driver]);
    expect(found).toEqual({ large: 'exact', als: 'all items', ...Object.fromEntries(wanted) });
    for (const { name, recall } of body.models)
      if (name !== 'hnsw-bad') expect([name, recall]).toEqual([name, expect.closeTo(1, 1)]);
  });

  test.each([...Object.keys(GOOD), 'pgvector'])(
    '%s gives the exact answers within its recall',
    async (name) => {
      const found = await shares(name, questions);
      expect(mean(found)).toBeGreaterThanOrEqual(Math.min(built[name].recall, 0.99) - 0.03);
      expect(await metric('towerkit_index_recall', name)).toBeCloseTo(mean(found), 6);
    },
  );

  (milvusPython === undefined ? test.skip : test)(
    'milvus gives the exact answers within its recall',
    async () => {
      const found = await shares('milvus', questions);
      expect(mean(found)).toBeGreaterThanOrEqual(built.milvus.recall - 0.01);
      expect(await metric('towerkit_index_recall', 'milvus')).toBeCloseTo(mean(found), 6);
    },
  );

  test('the live recall of a bad index is what its answers lack of the exact ones', async () => {
    const unfiltered = questions.filter(({ filter }) => filter === undefined);
    const found = await shares('hnsw-bad', unfiltered);
    expect(mean(found)).toBeLessThan(0.9);
    expect(await metric('towerkit_index_recall', 'hnsw-bad')).toBeCloseTo(mean(found), 6);
    expect(await metric('towerkit_index_recall_samples_total', 'hnsw-bad')).toBe(unfiltered.length);
    expect(await metric('towerkit_index_recall', 'large')).toBe(1);
  });

  test('a bad index does not take over where a recall is asked for', async () => {
    const { folder, remove } = await scratch();
    const artifacts = options.artifacts.filter((path) => path.endsWith('hnsw-bad'));
    const error = await failure(startServer(folder, { artifacts, minRecall: 0.9 }));
    expect(error).toMatch(/LOW_RECALL.*hnsw-bad: its index finds 0\.\d+ of the exact answers/s);
    await remove();
  });

  test('a database that is not there ends the start, and one that goes away is a 503; no password is shown', async () => {
    const { folder, remove } = await scratch();
    const artifacts = options.artifacts.filter((path) => path.endsWith('pgvector'));
    const connection = postgres!.connection.replace(`:${postgres!.port}/`, ':1/');
    const start = startServer(folder, { artifacts, index: { pgvector: { connection } } });
    const error = await failure(start);
    expect(error).toMatch(/UNAVAILABLE.*127\.0\.0\.1:1/s);
    const wrong = { connection, tabel: 'x' } as { connection: string };
    const refused = await failure(startServer(folder, { artifacts, index: { pgvector: wrong } }));
    expect(refused).toContain('BAD_OPTION');
    await postgres!.stop();
    postgres = undefined;
    const gone = await server.post<{ code: string }>('/v1/recommendations', {
      model: 'pgvector',
      history: ['P0001'],
    });
    expect([gone.status, gone.body.code]).toEqual([503, 'UNAVAILABLE']);
    expect(await recommend({ model: 'hnsw', history: ['P0001'] })).toHaveLength(K);
    const { body: models } = await server.get('/v1/models');
    for (const text of [error, refused, server.said(), JSON.stringify(gone.body), JSON.stringify(models)])
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(text).not.toContain(secret);
    await remove();
  });
});
