import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A PostgreSQL with pgvector, from npm alone. */
export interface Postgres {
  readonly port: number;
  readonly connection: string;
  stop(): Promise<void>;
}

export const PASSWORD = 'never shown';

export const connectionTo = (port: number) =>
  `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`;

export async function startPostgres(): Promise<Postgres> {
  const child = fork(fileURLToPath(new URL('./pglite-server.mjs', import.meta.url)), { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    connection: connectionTo(port),
    async stop() {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
