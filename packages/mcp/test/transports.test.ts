import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OpenArtifact } from '@towerkit/recommend';
import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';

import { serveHttp, serveStdio, type RunningMcpServer } from '../src/index.js';
import { ask, newClient, open } from './client.js';

let artifact: OpenArtifact;
let server: RunningMcpServer;
beforeAll(async () => {
  artifact = await open('tower');
  server = await serveHttp(artifact, { port: 0 });
});
afterAll(async () => {
  await server.close();
  await artifact.dispose();
});
afterEach(() => void jest.restoreAllMocks());

const JSON_TYPE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const post = async (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  url = server.url,
) => {
  const response = await fetch(url, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body });
  return { status: response.status, body: (await response.json()) as { error?: { code: number } } };
};

test('two clients of HTTP ask at once, each request complete in itself', async () => {
  const clients = await Promise.all(
    [0, 1].map(async () => {
      const client = newClient();
      await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
      return client;
    }),
  );
  const expected = (await artifact.recommend(['p0', 'p13'], 4)).items.map(({ id }) => id);
  const answers = await Promise.all(
    clients.flatMap((client) => [1, 2].map(() => ask(client, 'recommend', { history: ['p0', 'p13'], k: 4 }))),
  );
  for (const { answer } of answers) expect(answer.items.map(({ id }) => id)).toEqual(expected);
  for (const client of clients) await client.close();
});

test('nonsense over HTTP', async () => {
  expect(await post('{nonsense')).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
  expect(await post('{"a": 1}')).toMatchObject({ status: 400, body: { error: { code: -32700 } } });
  expect(await post('[]'.padEnd(2 ** 20 + 1))).toMatchObject({ status: 413 });
  expect(await post(JSON.stringify(new Array(21).fill({})))).toMatchObject({ status: 413 });
  expect((await fetch(server.url)).status).toBe(405);
  expect((await fetch(server.url.replace('/mcp', '/'), { method: 'POST' })).status).toBe(404);
  expect(await post('{}', { origin: 'https://elsewhere.example' })).toMatchObject({ status: 403 });
  expect((await ask(await connected(), 'item', { id: 'p0' })).failed).toBe(false);
});

test('a name that is not of this machine is refused, whatever it resolves to', async () => {
  const { port } = new URL(server.url);
  const status = await new Promise((resolve, reject) => {
    const headers = { ...JSON_TYPE, host: `elsewhere.example:${port}` };
    request({ host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers }, (answer) =>
      resolve(answer.resume().statusCode),
    )
      .on('error', reject)
      .end('{}');
  });
  expect(status).toBe(403);
});

test('a port that is none, or taken', async () => {
  await expect(serveHttp(artifact, { port: 70_000 })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  const port = Number(new URL(server.url).port);
  await expect(serveHttp(artifact, { port })).rejects.toMatchObject({ code: 'CANNOT_LISTEN' });
});

const START = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
};
const call = (id: number, name: string, given: object) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given } });

test('lines of nonsense are told to stderr, and what was asked before the end is answered', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const done = serveStdio(artifact, { input, output });
  const lines = [
    '',
    'nonsense',
    '{"jsonrpc": "2.0"}',
    '[1]',
    call(2, 'recommend', { history: ['p0'], k: 3 }),
  ];
  input.end([JSON.stringify(START), ...lines].join('\n') + '\n');
  await done;
  output.end();
  const answers = (await text(output))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual([1, 2]);
  expect(answers[1].result.structuredContent.items).toHaveLength(3);
  const dropped = said.mock.calls.map(([line]) => String(line));
  expect(dropped).toHaveLength(4);
  for (const line of dropped) expect(line).toMatch(/^error BAD_REQUEST: a message was dropped: [^\n]+\n$/);
});

test('a line without end closes', async () => {
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const done = serveStdio(artifact, { input, output });
  input.write(Buffer.alloc(11 * 2 ** 20, 'x'));
  await expect(done).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

async function connected() {
  const client = newClient();
  await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
  return client;
}
