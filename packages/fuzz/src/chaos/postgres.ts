import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const VERSIONS = '/usr/lib/postgresql';

/** Folder of PostgreSQL's programs as Debian installs them; `undefined` where there is none. */
export const postgresPrograms = existsSync(VERSIONS)
  ? readdirSync(VERSIONS)
      .map((version) => join(VERSIONS, version, 'bin'))
      .find((folder) => existsSync(join(folder, 'initdb')))
  : undefined;

/**
 * A PostgreSQL of its own that can be stopped and started. The tests of `@towerkit/events` have a like one, which this program
 * may not import: they are no part of that package.
 */
export class Postgres {
  #process: ChildProcess | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
  ) {}

  /** Makes a cluster with PostgreSQL's defaults and starts it; by its own user where this is root, whom it refuses. */
  static async create(): Promise<Postgres> {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-chaos-postgres-'));
    await chmod(folder, 0o777);
    execFileSync(
      join(postgresPrograms!, 'initdb'),
      ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust'],
      { ...identity(), cwd: folder },
    );
    const postgres = new Postgres(folder, await freePort());
    await postgres.start();
    return postgres;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const { folder, port } = this;
    this.#process = spawn(
      join(postgresPrograms!, 'postgres'),
      ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder],
      { ...identity(), cwd: folder, stdio: 'ignore' },
    );
    for (let attempt = 0; ; attempt++) {
      const client = new pg.Client({ connectionString: this.url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        if (attempt > 150) throw error;
        await sleep(100);
      }
    }
  }

  /** @param how SIGQUIT as a crash would end it, SIGINT cutting its clients off */
  async stop(how: 'SIGQUIT' | 'SIGINT' = 'SIGINT'): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill(how);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (what: string) => Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
