import { versionOf } from '@towerkit/artifact';
import { Rng, TowerkitError } from '@towerkit/core';
import {
  EventKinds,
  ImpressionLog,
  openStore,
  PendingUsers,
  Retention,
  TrafficSplit,
  WatchedStore,
} from '@towerkit/events';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { availableParallelism, totalmem } from 'node:os';

import type { Context } from './context.js';
import { ApiKeys } from './http/api-keys.js';
import type { App } from './http/app.js';
import { createApp } from './http/create-app.js';
import { Metrics } from './metrics/metrics.js';
import type { ModelSettings } from './models/served-model.js';
import { Registry } from './models/registry.js';
import { Supervisor } from './models/supervisor.js';
import { optionsSchema, type ResolvedOptions, type ServeOptions } from './options.js';

/** A server that answers. */
export interface RunningServer {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The folder whose items are counted: the first. */
  readonly artifact: string;
  /** How many items it recommends. */
  readonly items: number;
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
  // Before anything is made, such as a file of events: a server that cannot start leaves nothing.
  for (const folder of options.artifacts) await versionOf(folder);
  if (options.rerank !== undefined) await versionOf(options.rerank);
  const keys = options.apiKeyFile === undefined ? undefined : await ApiKeys.read(options.apiKeyFile);
  const split = options.split && new TrafficSplit(options.split);
  const registry = new Registry(split);
  const metrics = new Metrics();
  const say = (text: string) => void (options.log !== 'silent' && process.stderr.write(`${text}\n`));
  const store = await storeOf(options, metrics, say);
  const retention = new Retention(store, options.retention, (pruned) => {
    for (const table of ['events', 'impressions'] as const) metrics.pruned.inc({ table }, pruned[table]);
  });
  const impressions = new ImpressionLog(store, options.impressions, (count) =>
    metrics.lostImpressions.inc(count),
  );
  const rng = new Rng(options.seed);
  let questions = 0;
  const supervisor = new Supervisor(registry, options, settingsOf(options), metrics, say);
  let ready = false;
  const context: Context = {
    options,
    registry,
    store,
    pending: new PendingUsers({
      store,
      limit: options.limits.users,
      knows: (user) => registry.models.some(({ users }) => users.indexOf(user) !== undefined),
    }),
    kinds: new EventKinds(options.kinds),
    impressions,
    metrics,
    keys,
    newId: () => newId(),
    nextRng: () => rng.fork(questions++),
    ready: () => ready,
    refusals: () => supervisor.refusals,
    mounted: () => supervisor.mounted,
  };
  let app: App | undefined;
  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= (async () => {
      const serving = ready;
      ready = false;
      if (serving) await sleep(options.grace); // balancers look at readiness before they stop sending
      await Promise.all([supervisor.close(), app && closeWithin(app, options.drain)]);
      await Promise.all([
        ...registry.models.map((model) => model.retire()),
        Promise.all([retention.close(), impressions.close()]).then(() => store.close()),
      ]);
    })());
  const stop = () => void close();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    app = await createApp(context);
    const url = await listen(app, options);
    await supervisor.start();
    ready = true;
    retention.start();
    const [artifact] = options.artifacts;
    const closesWithin = options.grace + options.drain + REST;
    const reload = () => supervisor.look(true);
    return { url, artifact, items: registry.first.items.size, reload, close, closesWithin };
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

async function storeOf(
  { events, eventsPasswordFile: passwordFile, limits }: ResolvedOptions,
  { storeFailures }: Metrics,
  say: (text: string) => void,
): Promise<WatchedStore> {
  const store = await openStore(events, { passwordFile, limit: limits.store });
  return new WatchedStore(store, {
    say,
    failed: (operation, reason) => storeFailures.inc({ operation, reason }),
  });
}

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

/** @throws TowerkitError `BAD_OPTION` */
function checkOptions(given: ServeOptions): ResolvedOptions {
  const result = optionsSchema.safeParse(given);
  const bad = (message: string) =>
    new TowerkitError('BAD_OPTION', message, { hint: '`towerkit serve --help` lists the options' });
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw bad(`${path.join('.')}: ${message}`);
  }
  const { split, artifacts, interleave } = result.data;
  if (split && split.length !== artifacts.length)
    throw bad(`split: ${split.length} shares for ${artifacts.length} artifacts`);
  if (interleave && artifacts.length < 2) throw bad('interleave: it takes two artifacts');
  return result.data;
}

const settingsOf = ({
  threads,
  candidates,
  models,
  index,
  limits,
  snapshots,
}: ResolvedOptions): ModelSettings => ({
  threads: threads ?? Math.max(1, availableParallelism() - 1),
  candidates,
  patience: limits.answer,
  models,
  snapshots,
  memory: limits.memory === undefined ? memoryOfProcess() / 2 : limits.memory * 2 ** 20,
  index,
});

/** Bytes that this process may use: of the machine, or of its container. */
function memoryOfProcess(): number {
  const constrained = process.constrainedMemory();
  return constrained ? Math.min(constrained, totalmem()) : totalmem();
}
