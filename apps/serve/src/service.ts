import { versionOf } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import {
  EventKinds,
  ImpressionLog,
  openStore,
  PendingUsers,
  Retention,
  TrafficSplit,
  WatchedStore,
} from '@towerkit/events';
import { HttpReranker } from '@towerkit/recommend';
import { availableParallelism, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Context } from './context.js';
import { ApiKeys, keyIn } from './http/api-keys.js';
import { Metrics } from './metrics/metrics.js';
import type { ModelSettings } from './models/served-model.js';
import { Registry } from './models/registry.js';
import { Supervisor } from './models/supervisor.js';
import type { ResolvedOptions } from './options.js';

/** All that answers, whatever speaks HTTP. */
export interface Service {
  readonly context: Context;
  /** Opens the artifacts. @throws TowerkitError those of `serve` but for `CANNOT_LISTEN` */
  start(): Promise<void>;
  /** Looks at the artifacts now, also at those that were refused. */
  reload(): Promise<void>;
  /**
   * Fails readiness, waits, and closes everything, once.
   *
   * @param drained resolves when what was asked is answered
   * @param grace milliseconds to wait: balancers look at readiness before they stop sending
   */
  close(drained?: () => Promise<void> | undefined, grace?: number): Promise<void>;
}

/** Opens the store of events and what else answers need, but no artifact yet. */
export async function openService(options: ResolvedOptions, newId: () => string): Promise<Service> {
  // Before anything is made, such as a file of events: a server that cannot start leaves nothing.
  for (const folder of options.artifacts) await versionOf(folder);
  if (options.rerank !== undefined) await versionOf(options.rerank);
  const keys = options.apiKeyFile === undefined ? undefined : await ApiKeys.read(options.apiKeyFile);
  const { rerankEndpoint: remote } = options;
  const endpoint =
    remote &&
    new HttpReranker({
      ...remote,
      key: remote.keyFile === undefined ? undefined : await keyIn(remote.keyFile),
    });
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
    endpoint,
    newId: () => newId(),
    nextRng: () => rng.fork(questions++),
    ready: () => ready,
    refusals: () => supervisor.refusals,
    mounted: () => supervisor.mounted,
  };
  let closing: Promise<void> | undefined;
  return {
    context,
    start: async () => {
      await supervisor.start();
      ready = true;
      retention.start();
    },
    reload: () => supervisor.look(true),
    close: (drained, grace = 0) =>
      (closing ??= (async () => {
        const serving = ready;
        ready = false;
        if (serving) await sleep(grace);
        await Promise.all([supervisor.close(), drained?.()]);
        await Promise.all([
          ...registry.models.map((model) => model.retire()),
          Promise.all([retention.close(), impressions.close()]).then(() => store.close()),
        ]);
      })()),
  };
}

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
