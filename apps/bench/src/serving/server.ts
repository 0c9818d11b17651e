import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface BenchServer {
  readonly url: string;
  readonly items: number;
  /** Its resident memory, MiB. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts `towerkit serve` on a free port with a config, and waits until it is ready.
 *
 * @param root of another checkout, built, whose server it is; this one's by default
 */
export async function startServer(config: object, root?: string): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'towerkit-serving-'));
  const file = join(folder, 'serve.json');
  const base = { port: 0, events: join(folder, 'events.db'), watch: 0 };
  writeFileSync(file, JSON.stringify({ ...base, ...config }));
  const app = root
    ? join(root, 'apps', 'train')
    : dirname(createRequire(import.meta.url).resolve('towerkit/package.json'));
  const bin = join(app, 'bin', 'towerkit.mjs');
  const { artifacts } = config as { artifacts: string[] };
  const child = spawn(
    process.execPath,
    [bin, 'serve', '--artifact', artifacts.join(','), '--config', file, '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  if (typeof first[0] !== 'string') throw new Error(`the server ended with ${first[0]}`);
  const { url, items } = JSON.parse(first[0]) as { url: string; items: number };
  return {
    url,
    items,
    async memory() {
      const text = await (await fetch(`${url}/metrics`)).text();
      const [, bytes] = /^process_resident_memory_bytes (\S+)/m.exec(text) ?? [];
      if (bytes === undefined) throw new Error('the metrics do not say how much memory there is');
      return Number(bytes) / 2 ** 20;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
