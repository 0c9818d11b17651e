import { TowerkitError } from '@towerkit/core';
import { randomUUID } from 'node:crypto';

import type { App } from './http/app.js';
import { createApp } from './http/create-app.js';
import { checkOptions, type ResolvedOptions, type ServeOptions } from './options.js';
import { openService } from './service.js';

/** A server that answers. */
export interface RunningServer {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The folder whose items are counted: the first. */
  readonly artifact: string;
  /** How many items it recommends. */
  readonly items: number;
  /** All that answer: name, kind and number of items. */
  readonly models: readonly { readonly name: string; readonly kind: string; readonly items: number }[];
  /** Looks at the artifacts now, also at those that were refused. */
  reload(): Promise<void>;
  /**
   * Fails readiness, answers what was asked, and closes everything. A thread that is held in native code, or a store that does
   * not answer, is waited for: whoever cannot wait ends the process after {@link closesWithin}.
   */
  close(): Promise<void>;
  /** Milliseconds that closing takes at most where nothing hangs. */
  readonly closesWithin: number;
}

/** What a server is made with that no config says. */
export interface ServeParts {
  /** Source of the ids of answers, and of events that come without: unique ones; `crypto.randomUUID` by default. */
  newId?(): string;
  /** Gives up starting: {@link serve} then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Serves artifacts over HTTP; resolves once it is ready. It listens before: `/health/live` answers while artifacts are
 * opened.
 *
 * @throws TowerkitError `BAD_OPTION`; `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `LOW_RECALL`; `STORE_UNAVAILABLE`;
 *   `CANNOT_LISTEN`; `TIMEOUT`, `TOO_LARGE`, `UNWRITABLE` where an artifact cannot be opened or copied
 *
 * @example
 * ```ts
 * const server = await serve({ artifacts: ['artifacts/shop'], port: 0 });
 * const { items } = await (await fetch(`${server.url}/v1/recommendations?k=3`)).json();
 * await server.close();
 * ```
 */
export async function serve(
  given: ServeOptions,
  { newId = randomUUID, signal }: ServeParts = {},
): Promise<RunningServer> {
  const options = checkOptions(given);
  const service = await openService(options, newId);
  let app: App | undefined;
  const close = () => service.close(() => app && closeWithin(app, options.drain), options.grace);
  const stop = () => void close();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    app = await createApp(service.context);
    const url = await listen(app, options);
    await service.start();
    const [artifact] = options.artifacts;
    const closesWithin = options.grace + options.drain + REST;
    const all = service.context.registry.models;
    const models = all.map(({ name, kind, items }) => ({ name, kind, items: items.size }));
    const [{ items }] = models;
    return { url, artifact, items, models, reload: service.reload, close, closesWithin };
  } catch (error) {
    await close();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Milliseconds that threads and the store take to close, once requests are answered. */
const REST = 5000;

async function listen(app: App, { host, port }: ResolvedOptions): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    throw new TowerkitError('CANNOT_LISTEN', `${host}:${port}: ${(cause as Error).message}`, {
      hint: 'choose another --port, or 0 for any that is free',
      cause,
    });
  }
}

/** Answers what was asked; connections that are still busy after that time are cut. */
async function closeWithin(app: App, milliseconds: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), milliseconds);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
