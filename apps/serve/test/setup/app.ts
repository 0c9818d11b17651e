import { Rng, TowerkitError } from '@towerkit/core';
import { EventKinds, type EventStore } from '@towerkit/events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Context } from '../../src/context.js';
import { ApiKeys } from '../../src/http/api-keys.js';
import type { App } from '../../src/http/app.js';
import { bareApp } from '../../src/http/bare-app.js';
import { guards } from '../../src/http/guards.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { Registry } from '../../src/models/registry.js';
import { events } from '../../src/routes/events.js';
import { health, models } from '../../src/routes/health.js';
import { items } from '../../src/routes/items.js';
import { recommendations } from '../../src/routes/recommendations.js';
import { search } from '../../src/routes/search.js';
import { optionsSchema, type ServeOptions } from '../../src/options.js';

/** What a test sees of the HTTP server without models; its store says what a store would that cannot be reached. */
export interface TestApp {
  readonly url: string;
  readonly metrics: Metrics;
  /** Sends bytes; resolves to all that came back when the server closes the connection, or after a wait. */
  send(bytes: string, options?: { readonly half?: boolean; readonly wait?: number }): Promise<string>;
  close(): Promise<void>;
}

/** Starts it, with `/v1/slow?ms=` and `POST /v1/echo` beside its own routes. */
export async function startApp(
  given: Partial<ServeOptions> = {},
  { keys, ready = true }: { readonly keys?: readonly string[]; readonly ready?: boolean } = {},
): Promise<TestApp> {
  const options = optionsSchema.parse({ artifacts: ['none'], port: 0, log: 'silent', ...given });
  const metrics = new Metrics();
  const away = () => {
    throw new TowerkitError('STORE_UNAVAILABLE', 'connect ECONNREFUSED 10.1.2.3:5432 as secret', {
      hint: 'is postgres://secret@10.1.2.3 up?',
    });
  };
  const context = {
    options,
    metrics,
    registry: new Registry(undefined),
    kinds: new EventKinds(options.kinds),
    store: { ping: async () => away(), append: async () => away() } as unknown as EventStore,
    pending: { admit: async () => undefined },
    keys: keys && new ApiKeys(keys),
    newId: () => 'id',
    nextRng: () => new Rng(1),
    ready: () => ready,
    refusals: () => new Map(),
    mounted: () => new Set(),
  } as unknown as Context;
  const app = await bareApp(context);
  health(app, context);
  await app.register(async (scope) => {
    const api = scope as App;
    guards(api, context);
    for (const routes of [recommendations, items, search, events, models, more]) routes(api, context);
  });
  const url = await app.listen({ host: options.host, port: 0 });
  return {
    url,
    metrics,
    send: (bytes, { half = false, wait = 10_000 } = {}) =>
      new Promise((resolve) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1');
        let text = '';
        const late = setTimeout(() => socket.destroy(), wait);
        socket.on('error', () => undefined).on('data', (part) => (text += String(part)));
        socket.on('close', () => {
          clearTimeout(late);
          resolve(text);
        });
        socket.write(bytes);
        if (half) socket.end();
      }),
    close: () => app.close(),
  };
}

function more(api: App): void {
  api.get('/v1/slow', async (request) => {
    await sleep(Number((request.query as { ms: string }).ms));
    return { slept: true };
  });
  api.get('/v1/large', async () => ({ text: 'x'.repeat(32 * 1024 * 1024) }));
  api.post('/v1/echo', async ({ body }) => body);
}
