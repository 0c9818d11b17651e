import { availableParallelism } from 'node:os';

import { TowerkitError } from '@towerkit/core';

import type { Context } from './context.js';
import { openStore } from './events/open-store.js';
import { createApp } from './http/app.js';
import { openModel, openRerank, type ModelSettings } from './models/served-model.js';
import { Registry } from './models/registry.js';
import { optionsSchema, type ResolvedOptions, type ServeOptions } from './options.js';

/** A server that answers. */
export interface RunningServer {
  /** Where, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** The folder whose items are counted: the first. */
  readonly artifact: string;
  /** How many items it recommends. */
  readonly items: number;
  /** Stops taking requests, answers those that are there, and closes everything. */
  close(): Promise<void>;
}

/**
 * Serves artifacts over HTTP; resolves once it is ready.
 *
 * @throws TowerkitError `BAD_OPTION`; `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`; `STORE_UNAVAILABLE`; `PORT_IN_USE`
 */
export async function serve(given: ServeOptions): Promise<RunningServer> {
  const options = checkOptions(given);
  const store = await openStore(options.events);
  const registry = new Registry(options.split);
  let ready = false;
  const context: Context = { options, registry, store, ready: () => ready };
  const app = await createApp(context);
  const closeAll = async () => {
    ready = false;
    await app.close();
    await Promise.all(registry.models.map(({ pool }) => pool.drain()));
    await store.close();
  };
  try {
    const url = await app.listen({ host: options.host, port: options.port });
    const settings = settingsOf(options);
    const rerank = options.rerank === undefined ? undefined : await openRerank(options.rerank);
    for (const [place, folder] of options.artifacts.entries())
      registry.put(place, await openModel(folder, settings, rerank));
    ready = true;
    return { url, artifact: options.artifacts[0], items: registry.first.items.size, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** @throws TowerkitError `BAD_OPTION` */
function checkOptions(given: ServeOptions): ResolvedOptions {
  const result = optionsSchema.safeParse(given);
  const bad = (message: string) => new TowerkitError('BAD_OPTION', message);
  if (!result.success) {
    const { path, message } = result.error.issues[0];
    throw bad(`${path.join('.')}: ${message}`);
  }
  const { split, artifacts } = result.data;
  if (split && split.length !== artifacts.length)
    throw bad(`split: ${split.length} shares for ${artifacts.length} artifacts`);
  if (split && split.every((share) => share === 0)) throw bad('split: all shares are 0');
  return result.data;
}

const settingsOf = ({ threads, candidates, models, limits }: ResolvedOptions): ModelSettings => ({
  threads: threads ?? Math.max(1, availableParallelism() - 1),
  candidates,
  patience: limits.answer,
  models,
});
