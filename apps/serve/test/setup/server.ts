import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { ServeOptions } from '../../src/options.js';

/** The command. */
export const BIN = fileURLToPath(new URL('../../node_modules/towerkit/bin/towerkit.mjs', import.meta.url));

/** An artifact that was trained for the tests: `tower`, `tower-2`, `large`, `text`, `popularity`, `als`, `hybrid`. */
export const artifact = (name: string): string => join(process.env.TOWERKIT_SERVE_ARTIFACTS!, name);

/** A folder of its own for a test, and a way to be rid of it. */
export async function scratch(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-serve-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A copy of an artifact that a test may spoil. */
export async function copyOf(name: string, to: string): Promise<string> {
  await cp(artifact(name), to, { recursive: true });
  return to;
}

/** A server in a process of its own. */
export interface TestServer {
  readonly process: ChildProcess;
  readonly url: string;
  /** What `--json` printed. */
  readonly told: { url: string; artifact: string; items: number };
  /** What it said on stderr up to now. */
  said(): string;
  /** Resolves to its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  get<T = Record<string, unknown>>(
    path: string,
    headers?: Record<string, string>,
  ): Promise<Response & { body: T }>;
  post<T = Record<string, unknown>>(path: string, body: unknown): Promise<Response & { body: T }>;
  /** SIGTERM, and its exit status. */
  stop(): Promise<number | string>;
}

interface Response {
  readonly status: number;
  readonly headers: Headers;
}

/**
 * Starts `towerkit serve --json`.
 *
 * @param before what stands before `towerkit` on the command line: Node by default
 */
export async function spawnServer(
  folder: string,
  options: ServeOptions,
  before: readonly string[] = [process.execPath],
): Promise<ChildProcess> {
  const config = join(folder, `serve-${Math.floor(performance.now() * 1000)}.json`);
  const { artifacts, ...rest } = options;
  await writeFile(
    config,
    JSON.stringify({ port: 0, events: join(folder, 'events.db'), threads: 1, ...rest }),
  );
  const [command, ...args] = before;
  return spawn(
    command,
    [...args, BIN, 'serve', '--artifact', artifacts.join(','), '--config', config, '--json'],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
}

/** {@link spawnServer}, and waits until it is ready. @throws Error with its stderr when it ends before */
export async function startServer(...given: Parameters<typeof spawnServer>): Promise<TestServer> {
  const child = await spawnServer(...given);
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | string);
  const line = new Promise<string>((resolve) => createInterface(child.stdout!).once('line', resolve));
  const first = await Promise.race([line, ended]);
  if (typeof first !== 'string' || !first.startsWith('{'))
    throw new Error(`the server ended with ${first}:\n${stderr}`);
  const told = JSON.parse(first) as TestServer['told'];
  const ask = async <T>(path: string, init: RequestInit) => {
    const { status, headers, text } = await fetch(told.url + path, init).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    }));
    const json = headers.get('content-type')?.includes('json');
    return { status, headers, body: (json ? JSON.parse(text) : text) as T };
  };
  return {
    process: child,
    url: told.url,
    told,
    said: () => stderr,
    ended,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
