/**
 * How long each route holds the server's event loop when it is asked for as much as the limits allow, with 50,000 items: the
 * longest hold and the times of the answers; and how long a swap to another artifact holds it. The server runs in this process,
 * its clients on a thread of their own.
 *
 *     node dist/serving-limits.js [--items 50000] [--requests 40] [--clients 4] [--swaps 5] [--json FILE]
 */
import { serve } from '@towerkit/serve';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';

import { flags, print } from './arguments.js';
import { machine } from './machine.js';
import type { Asked, Asking } from './serving/ask-many.js';
import { saveCatalog, type CatalogArtifact } from './serving/catalog-artifact.js';
import { renewArtifact } from './serving/renew-artifact.js';

const args = flags({ items: '50000', requests: '40', clients: '4', swaps: '5', json: '' });
const [count, requests, clients, swaps] = [args.items, args.requests, args.clients, args.swaps].map(Number);
/** Milliseconds between looks at the loop; a look that comes on time is no hold. */
const RESOLUTION = 1;

interface Route {
  readonly name: string;
  readonly path: string;
  readonly body?: object;
}

/** Every route at its limits. */
function routesOf({ items, user, word }: CatalogArtifact): Route[] {
  const history = items.slice(0, 500);
  const words = Array.from({ length: 1000 }, (_, at) => (at % 36).toString(36)).join(' ');
  const deep = Array.from({ length: 99 }).reduce<object>((where) => ({ not: where }), {
    category: 'category 1',
  });
  const wide = { any: Array.from({ length: 490 }, (_, at) => ({ price: { lt: at / 100 } })) };
  const ids = { category: { in: Array.from({ length: 6000 }, (_, at) => `c${at}`) } };
  const json = (value: object) => encodeURIComponent(JSON.stringify(value));
  const recommend = (name: string, body: object): Route => ({
    name: `recommendations, ${name}`,
    path: '/v1/recommendations',
    body: { k: 100, ...body },
  });
  const posted = Array.from({ length: 1000 }, (_, at) => ({ user: `v${at % 7}`, item: items[at] }));
  return [
    recommend('history of 500', { history }),
    recommend('history of 500, reasons', { history, explain: true }),
    recommend('user of 500, exclude 500', { user, exclude: items.slice(600, 1100) }),
    recommend('diversity', { history, diversity: 1 }),
    recommend('nobody', {}),
    recommend('filter 100 deep', { history, filter: deep }),
    recommend('filter of 490 conditions', { history, filter: wide }),
    recommend('filter with 6,000 values', { history, filter: ids }),
    recommend('filter that all pass', { history, filter: { price: { gt: 0 } } }),
    { name: 'recommendations, GET of 500 ids', path: `/v1/recommendations?k=100&history=${history.join()}` },
    { name: 'items, the popular ones', path: '/v1/items?k=100' },
    { name: 'items, 1,000 words', path: `/v1/items?k=100&q=${encodeURIComponent(words)}` },
    { name: 'items, a word of half the titles', path: `/v1/items?k=100&q=${word}` },
    { name: 'items, one', path: '/v1/items/P7' },
    { name: 'similar', path: '/v1/items/P7/similar?k=100' },
    {
      name: 'similar, filter that all pass',
      path: `/v1/items/P7/similar?k=100&filter=${json({ price: { gt: 0 } })}`,
    },
    { name: 'search, titles', path: `/v1/search?k=100&q=${encodeURIComponent('世界 the')}` },
    {
      name: 'search, titles, filter that all pass',
      path: `/v1/search?k=100&q=${word}&filter=${json({ price: { gt: 0 } })}`,
    },
    { name: 'events, 1,000', path: '/v1/events', body: { events: posted } },
    { name: 'experiments', path: '/v1/experiments/outcomes?each=true' },
    { name: 'models', path: '/v1/models' },
    { name: 'metrics', path: '/metrics' },
    { name: 'openapi.json', path: '/openapi.json' },
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'towerkit-limits-'));
const artifact = join(folder, 'catalog');
const made = await saveCatalog(artifact, count);
const events = join(folder, 'events.db');
const server = await serve({
  artifacts: [artifact],
  port: 0,
  events,
  watch: 0,
  log: 'error',
  impressions: 'all',
});
const worker = new Worker(new URL('./serving/ask-many.js', import.meta.url));
const ask = async (asking: Asking): Promise<Asked> => {
  worker.postMessage(asking);
  return ((await once(worker, 'message')) as [Asked])[0];
};
const loop = monitorEventLoopDelay({ resolution: RESOLUTION });
/** Longest hold of the loop while something is done, in milliseconds. */
async function held<T>(work: () => Promise<T>): Promise<{ hold: number; value: T }> {
  loop.reset();
  loop.enable();
  const value = await work();
  loop.disable();
  return { hold: Math.max(0, loop.max / 1e6 - RESOLUTION), value };
}
const report: Record<string, unknown>[] = [];
const swapped: Record<string, unknown>[] = [];
try {
  print(`${machine()}; ${count} items; ${requests} requests of ${clients} clients\n`);
  print('| route | longest hold of the loop, ms | answer p50, ms | slowest, ms | bytes | statuses |');
  print('| --- | --- | --- | --- | --- | --- |');
  const routes = routesOf(made).map(({ name, path, body }) => ({
    name,
    asking: { url: server.url, path, body: body && JSON.stringify(body), requests, clients },
  }));
  for (const { asking } of routes) await ask({ ...asking, requests: 5 * clients }); // compiled before it is measured
  for (const { name, asking } of routes) {
    const {
      hold,
      value: { statuses, p50, slowest, bytes },
    } = await held(() => ask(asking));
    report.push({ name, hold, p50, slowest, bytes, statuses });
    const said = Object.entries(statuses).map(([status, times]) => `${status}: ${times}`);
    print(
      `| ${name} | ${hold.toFixed(1)} | ${p50.toFixed(1)} | ${slowest.toFixed(1)} | ${bytes} | ${said.join(', ')} |`,
    );
  }
  print('\n| swap | longest hold of the loop, ms | seconds |');
  print('| --- | --- | --- |');
  for (let swap = 1; swap <= swaps; swap++) {
    await renewArtifact(artifact);
    const started = performance.now();
    const { hold } = await held(() => server.reload());
    const seconds = (performance.now() - started) / 1000;
    swapped.push({ hold, seconds });
    print(`| ${swap} | ${hold.toFixed(1)} | ${seconds.toFixed(1)} |`);
  }
} finally {
  await worker.terminate();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
if (args.json !== '')
  writeFileSync(args.json, JSON.stringify({ machine: machine(), count, report, swapped }, null, 2));
