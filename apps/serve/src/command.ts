import { SnapshotFolder } from '@towerkit/artifact';
import { isTowerkitError, TowerkitError } from '@towerkit/core';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import type { ServeOptions } from './options.js';
import { serve, type RunningServer } from './serve.js';

/** Flags of `towerkit serve`. */
export interface ServeFlags extends Partial<
  Pick<ServeOptions, 'host' | 'port' | 'interleave' | 'rerank' | 'ground' | 'models' | 'threads'>
> {
  readonly artifact?: string;
  readonly split?: string;
  readonly events?: string;
  readonly eventsPasswordFile?: string;
  readonly apiKeyFile?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Milliseconds to give up starting on a signal. */
const START = 5000;

/** `towerkit serve`: serves until SIGTERM or SIGINT. @returns the exit status */
export async function serveCommand(flags: ServeFlags): Promise<number> {
  const { json } = flags;
  const stopping = new AbortController();
  let server: RunningServer | undefined;
  let hungUp = false; // before it serves
  const onSignal = () => {
    if (stopping.signal.aborted) return endNow('asked again');
    stopping.abort();
    const most = server?.closesWithin ?? START;
    setTimeout(() => endNow(`it did not close within ${most} milliseconds`), most).unref();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('SIGHUP', () => void (server ? server.reload() : (hungUp = true)));
  const { signal } = stopping;
  try {
    server = await serve(await optionsOf(flags), { signal });
  } catch (error) {
    if (signal.aborted) return 0; // before it serves there is nothing to finish
    throw error;
  }
  if (hungUp) void server.reload();
  const { url, artifact, items, models } = server;
  const named = models.map((one) => `${one.name} (${one.kind}, ${one.items.toLocaleString('en')} items)`);
  process.stderr.write(`serving ${named.join(', ')} at ${url}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ url, artifact, items, models })}\n`);
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  return 0;
}

/**
 * Ends the process whatever hangs: `process.exit` would wait for a thread that is held in native code, and the first process of
 * a container is spared by its own SIGKILL.
 */
function endNow(why: string): void {
  process.stderr.write(`ended by force: ${why}\n`);
  SnapshotFolder.removeAll();
  process.kill(process.pid, 'SIGKILL');
  process.abort();
}

async function optionsOf(flags: ServeFlags): Promise<ServeOptions> {
  const { artifact, split, config, ...rest } = flags;
  const base = config === undefined ? {} : await readConfig(config);
  const given = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => name !== 'json' && value !== undefined),
  );
  return {
    ...base,
    ...given,
    ...(artifact !== undefined && { artifacts: artifact.split(',').filter((part) => part !== '') }),
    ...(split !== undefined && { split: split.split(',').map(Number) }),
  } as ServeOptions;
}

async function readConfig(file: string): Promise<Partial<ServeOptions>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<ServeOptions>;
  } catch (cause) {
    if (isTowerkitError(cause)) throw cause;
    throw new TowerkitError('BAD_CONFIG', `${file}: ${(cause as Error).message}`, {
      hint: 'the config of a server is a JSON file',
      cause,
    });
  }
}
