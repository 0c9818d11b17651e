import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { TOWERKIT } from '../fixtures/fixtures.js';
import { ordersTo } from './orders.js';

/** `towerkit serve` in a process of its own. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Status or signal, once it ended. */
  readonly ended: Promise<number | string>;
  /** The last of what it said on stderr. */
  said(): string;
  /** Resident bytes, after garbage was collected. @throws Error where the server ended */
  memory(): Promise<number>;
  /** Ends one of its threads. @throws Error where it has none, or ended */
  endThread(): Promise<void>;
  /** SIGTERM; SIGKILL where that is not obeyed in time. @returns whether it ended by itself */
  stop(): Promise<boolean>;
}

const HOOKS = new URL('./server-hooks.js', import.meta.url).href;
const STOP = 30_000;

/** Starts a server with a config. @throws Error with what it said, when it ends before it is ready */
export async function startServer(
  folder: string,
  {
    artifacts,
    env = {},
    ...config
  }: Record<string, unknown> & { artifacts: readonly string[]; env?: object },
): Promise<Server> {
  const file = join(folder, 'serve.json');
  await writeFile(file, JSON.stringify({ port: 0, threads: 1, log: 'error', ...config }));
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--import',
      HOOKS,
      TOWERKIT,
      'serve',
      '--artifact',
      artifacts.join(','),
      '--config',
      file,
      '--json',
    ],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    },
  );
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-20_000)));
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | string);
  const line = once(createInterface(child.stdout!), 'line').then(([text]) => text as string);
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string' || !first.startsWith('{'))
    throw new Error(`the server ended with ${first}:\n${stderr}`);
  const { url } = JSON.parse(first) as { url: string };
  const died = ended.then((how): never => {
    throw new Error(`the server ended with ${how}:\n${stderr}`);
  });
  died.catch(() => undefined); // no order may be waiting when it ends
  const order = ordersTo(child, died);
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    ended,
    said: () => stderr,
    async memory() {
      const obeyed = await order('memory');
      if (!('memory' in obeyed)) throw new Error(`no memory: ${JSON.stringify(obeyed)}`);
      return obeyed.memory;
    },
    async endThread() {
      const obeyed = await order('end-thread');
      if (!('ended' in obeyed) || !obeyed.ended) throw new Error('the server has no thread to end');
    },
    async stop() {
      child.kill('SIGTERM');
      const watch = setTimeout(() => child.kill('SIGKILL'), STOP);
      const how = await ended;
      clearTimeout(watch);
      return how !== 'SIGKILL';
    },
  };
}
