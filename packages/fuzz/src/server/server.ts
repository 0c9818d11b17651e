import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { TOWERKIT } from '../fixtures/fixtures.js';
import type { Obeyed, Order } from './hooks.js';

/** `towerkit serve` in a process of its own. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Status or signal, once it ended. */
  readonly ended: Promise<number | string>;
  /** The last of what it said on stderr. */
  said(): string;
  /** Resident bytes, after garbage was collected. */
  memory(): Promise<number>;
  /** Ends one of its threads. */
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
  const order = async (what: Order): Promise<Obeyed> => {
    child.send(what);
    const [obeyed] = (await Promise.race([
      once(child, 'message'),
      ended.then((how) => {
        throw new Error(`the server ended with ${how}:\n${stderr}`);
      }),
    ])) as [Obeyed];
    return obeyed;
  };
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    ended,
    said: () => stderr,
    async memory() {
      const obeyed = await order('memory');
      return 'memory' in obeyed ? obeyed.memory : Number.NaN;
    },
    endThread: async () => void (await order('end-thread')),
    async stop() {
      child.kill('SIGTERM');
      const watch = setTimeout(() => child.kill('SIGKILL'), STOP);
      const how = await ended;
      clearTimeout(watch);
      return how !== 'SIGKILL';
    },
  };
}
