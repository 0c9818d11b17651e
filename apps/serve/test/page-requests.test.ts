import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the page asks the server with. */
interface Api {
  search(text: string, k: number, signal?: AbortSignal): Promise<{ readonly items: readonly string[] }>;
}

let server: Server;
let api: Api;
let answer: (response: ServerResponse) => void;
const { fetch } = globalThis;

beforeAll(async () => {
  server = createServer((_, response) => answer(response.writeHead(200)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  globalThis.fetch = (path, init) => fetch(new URL(path as string, base), init); // a page's paths are its own server's
  api = (await import(new URL('../public/api.js', import.meta.url).href)) as Api;
});
afterAll(async () => {
  globalThis.fetch = fetch;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

test('a question that is given up while its answer comes in is no problem to show', async () => {
  const given = new AbortController();
  answer = (response) => {
    response.write('{"items": [');
    setTimeout(() => given.abort(), 20);
  };
  await expect(api.search('lamp', 3, given.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

test('a server that goes while it answers does not answer', async () => {
  answer = (response) => {
    response.write('{"items": [');
    setTimeout(() => response.destroy(), 20);
  };
  await expect(api.search('lamp', 3)).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: 'The server does not answer',
  });
});

test('an answer that is no JSON says its status', async () => {
  answer = (response) => void response.end('<html>a proxy</html>');
  await expect(api.search('lamp', 3)).rejects.toMatchObject({ message: 'The server answered 200' });
  answer = (response) => void response.end('{"items": ["a"]}');
  expect(await api.search('lamp', 3)).toEqual({ items: ['a'] });
});
