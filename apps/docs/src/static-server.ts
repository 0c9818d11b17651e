import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** A server of the files in a folder, for this machine alone. */
export interface StaticServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a folder at 127.0.0.1, as Pages does: `/guides/places` is `guides/places.html`.
 *
 * @param port 0 for any that is free
 * @param base path that the site lies under, such as `/towerkit/`
 */
export async function serveFolder(folder: string, port = 0, base = '/'): Promise<StaticServer> {
  const server: Server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://x').pathname)).replaceAll('\\', '/');
    const inside = path.startsWith(base) ? path.slice(base.length) : undefined;
    const file = inside === undefined ? undefined : await fileFor(folder, inside);
    response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(file ?? '.html')] ?? 'text/plain' });
    if (file) createReadStream(file).pipe(response);
    else response.end('not here');
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The file behind a path, if there is one. */
export async function fileFor(folder: string, path: string): Promise<string | undefined> {
  for (const name of [path, `${path}.html`, join(path, 'index.html')]) {
    const file = join(folder, name);
    if (
      await stat(file).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
