import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

interface Sent {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
  readonly top_n: number;
}
interface Answer {
  readonly items: readonly {
    readonly id: string;
    readonly title: string;
    readonly score: number;
    readonly reason?: object;
  }[];
  readonly source: string;
}

let endpoint: Server;
let answer: (sent: Sent, response: ServerResponse, request: IncomingMessage) => void;
let server: TestServer;
let remove: () => Promise<void>;
let asked: Sent[] = [];
const HISTORY = ['P0001', 'P0002', 'P0003'];

/** Whatever it is asked, the last of the documents is the best. */
const backwards = ({ documents, top_n }: Sent, response: ServerResponse) => {
  const results = documents.map((_, index) => ({ index, relevance_score: index })).reverse();
  response.end(JSON.stringify({ results: results.slice(0, top_n) }));
};

beforeAll(async () => {
  endpoint = createServer(async (request, response) => {
    const sent = (await json(request)) as Sent;
    asked.push(sent);
    answer(sent, response, request);
  }).listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const own = await scratch();
  remove = own.remove;
  await writeFile(join(own.folder, 'key'), 'secret\n');
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1/rerank`;
  server = await startServer(own.folder, {
    artifacts: [artifact('text')],
    rerankEndpoint: {
      url,
      model: 'm',
      keyFile: join(own.folder, 'key'),
      timeout: 2_000, // a busy machine may take a while for the first question
      candidates: 20,
      columns: ['title', 'category'],
    },
  });
});
afterAll(async () => {
  await server?.stop();
  endpoint.closeAllConnections();
  endpoint.close();
  await remove();
});
afterEach(() => void (asked = []));

const ask = async (body: object) => (await server.post<Answer>('/v1/recommendations', body)).body;
const counted = async (result: string) => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(
    new RegExp(`^towerkit_endpoint_reranks_total{model="text",result="${result}"} (\\d+)`, 'm').exec(
      text,
    )?.[1] ?? 0,
  );
};

test('the endpoint orders the first candidates, told of the history by its titles', async () => {
  let key: string | undefined;
  answer = (sent, response, { headers }) => {
    key = headers.authorization;
    backwards(sent, response);
  };
  const before = await ask({ history: HISTORY, k: 20, rerank: false });
  expect(asked).toEqual([]);
  const after = await ask({ history: HISTORY, k: 3, explain: true });
  expect(after.items.map(({ id }) => id)).toEqual(
    before.items
      .slice(-3)
      .reverse()
      .map(({ id }) => id),
  );
  expect(after.items.map(({ score }) => score)).toEqual([19, 18, 17]);
  for (const { reason } of after.items) expect(reason).toBeDefined();
  expect(after.source).toBe('two-tower+endpoint');
  const [sent] = asked;
  expect(key).toBe('Bearer secret');
  expect(sent).toMatchObject({ model: 'm', top_n: 3 });
  expect(sent.documents).toHaveLength(20);
  expect(sent.documents[0].split('\n')[0]).toBe(before.items[0].title);
  expect(sent.query.split('; ')).toHaveLength(3);
  await ask({ text: before.items[0].title, k: 3 });
  expect(asked[1].query).toBe(before.items[0].title);
  expect(await counted('ranked')).toBe(2);
});

test.each<[string, string, typeof answer]>([
  ['TIMEOUT', 'slow', () => undefined],
  [
    'BAD_ANSWER',
    'wrong',
    (_, response) => void response.end('{"results": [{"index": 99, "relevance_score": 1}]}'),
  ],
  ['UNAVAILABLE', 'broken', (_, response) => void response.writeHead(500).end()],
  ['UNAVAILABLE', 'down', (_, response) => void response.destroy()],
])('%s: an endpoint that is %s leaves the list as it is, counted', async (result, _, does) => {
  answer = does;
  const times = await counted(result);
  const plain = await ask({ history: HISTORY, k: 4, rerank: false });
  const { items, source } = await ask({ history: HISTORY, k: 4 });
  expect(asked).toHaveLength(1);
  expect({ items, source }).toEqual({ items: plain.items, source: plain.source });
  expect(await counted(result)).toBe(times + 1);
});

test('of whom nothing is known it is not asked', async () => {
  const { items, source } = await ask({ k: 4 });
  expect({ source, length: items.length }).toEqual({ source: 'popularity', length: 4 });
  expect(asked).toEqual([]);
});

test('options that do not go together, or are none', async () => {
  const own = await scratch();
  const start = (options: object) => startServer(own.folder, { artifacts: [artifact('tower')], ...options });
  const url = 'http://127.0.0.1:1/';
  await expect(start({ rerank: artifact('als'), rerankEndpoint: { url } })).rejects.toThrow(
    /BAD_OPTION: rerank, rerankEndpoint/,
  );
  await expect(start({ rerankEndpoint: { url: 'nowhere' } })).rejects.toThrow(/BAD_OPTION: .*url/);
  await expect(start({ rerankEndpoint: { url, keyFile: 'gone' } })).rejects.toThrow(/BAD_OPTION: keyFile/);
  await own.remove();
});
