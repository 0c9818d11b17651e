import { openArtifact } from '@towerkit/recommend';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Small artifacts of every kind: 30 users, 20 items. */
export const artifactOf = (name: string): string =>
  join(import.meta.dirname, '../../pipeline/test/artifacts/v2', name);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Serves folders by the first part of the path, and remembers what was asked for. */
export async function serveFolders(folders: Record<string, string>, headers: Record<string, string> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://x');
    asked.push(pathname);
    const [, first, ...rest] = normalize(pathname).split('/');
    const folder = first === '' ? undefined : folders[first];
    const file =
      folder === undefined ? join(folders[''] ?? '', first || 'index.html') : join(folder, ...rest);
    readFile(file).then(
      (bytes) =>
        response
          .writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
          .end(bytes),
      () => response.writeHead(404, headers).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url, asked, folders, close };
}

/** What a server answers from the artifact itself. */
export async function answersOf(folder: string, histories: readonly (readonly string[])[], k: number) {
  const artifact = await openArtifact(folder, { threads: 1 });
  try {
    const answers = [];
    for (const history of histories) answers.push(await artifact.recommend(history, k));
    return answers.map(({ items, source }) => ({ source, ids: items.map(({ id }) => id), items }));
  } finally {
    await artifact.dispose();
  }
}
