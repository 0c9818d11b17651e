import { isTowerkitError, TowerkitError } from '@towerkit/core';
import { readFile } from 'node:fs/promises';

import type { ServeOptions } from './options.js';
import { serve } from './serve.js';

/** Flags of `towerkit serve`. */
export interface ServeFlags {
  readonly artifact?: string;
  readonly host?: string;
  readonly port?: number;
  readonly split?: string;
  readonly interleave?: boolean;
  readonly rerank?: string;
  readonly events?: string;
  readonly eventsPasswordFile?: string;
  readonly apiKeyFile?: string;
  readonly models?: string;
  readonly threads?: number;
  readonly config?: string;
  readonly json?: boolean;
}

/** `towerkit serve`: serves until SIGTERM or SIGINT. @returns the exit status */
export async function serveCommand(flags: ServeFlags): Promise<number> {
  const { json } = flags;
  let stop: () => void = () => process.exit(0); // before it serves there is nothing to finish
  const onSignal = () => stop();
  let asked = false; // to look for a newer model, before it serves
  let onHangup = () => void (asked = true);
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('SIGHUP', () => onHangup());
  const server = await serve(await optionsOf(flags));
  onHangup = () => void server.reload();
  if (asked) onHangup();
  const stopped = new Promise<void>((resolve) => {
    stop = () => {
      stop = () => process.exit(1); // asked twice: at once
      resolve();
    };
  });
  const { url, artifact, items } = server;
  process.stderr.write(`serving ${items} items of ${artifact} at ${url}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ url, artifact, items })}\n`);
  await stopped;
  await server.close();
  return 0;
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
