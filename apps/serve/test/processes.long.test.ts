import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

import type { Answer } from '../src/schemas/recommendations.js';
import { postgresPrograms, startPostgres } from '../../../packages/events/test/setup/postgres.js';
import { artifact, scratch, startServer, type TestServer } from './setup/server.js';

const SERVERS = 3;
const CLIENTS = 8;
/** Events that all clients post before one server is killed, and after. */
const BEFORE = 150;
const AFTER = 150;

/** Servers in turn; one that does not answer is left, and the request tried at the next. */
class RoundRobin {
  #next = 0;
  retries = 0;

  constructor(readonly servers: readonly TestServer[]) {}

  async post(path: string, body: unknown): Promise<Awaited<ReturnType<TestServer['post']>>> {
    for (let attempt = 0; attempt < 4 * SERVERS; attempt++) {
      const server = this.servers[this.#next++ % this.servers.length];
      try {
        const answer = await server.post(path, body);
        if (answer.status < 500) return answer;
      } catch {
        await sleep(5); // it was killed: fetch says so
      }
      this.retries++;
    }
    throw new Error(`no server answers ${path}`);
  }
}

// Skipped, and listed as such, where Debian's PostgreSQL is not installed.
(postgresPrograms ? test : test.skip)(
  'three servers on one PostgreSQL: what one is told the others know; one killed under load loses nothing',
  async () => {
    const { folder, remove } = await scratch();
    const postgres = await startPostgres();
    const servers: TestServer[] = [];
    try {
      for (let at = 0; at < SERVERS; at++)
        servers.push(
          await startServer(folder, { artifacts: [artifact('popularity')], events: postgres.url }),
        );

      const before = await servers[1].post<Answer>('/v1/recommendations', { user: 'visitor' });
      const [{ id: best }] = before.body.items;
      expect((await servers[0].post('/v1/events', { user: 'visitor', item: best })).status).toBe(201);
      const after = await servers[1].post<Answer>('/v1/recommendations', { user: 'visitor' });
      expect(after.body.history).toBe(1);
      expect(after.body.items.map(({ id }) => id)).not.toContain(best);

      const balanced = new RoundRobin(servers);
      const acknowledged: string[] = [];
      let posted = 0;
      const client = async (name: number) => {
        while (posted < BEFORE + AFTER) {
          const number = posted++;
          if (number === BEFORE) servers[2].process.kill('SIGKILL');
          const event = { id: `event-${number}`, user: `client-${name}`, item: best };
          const { status } = await balanced.post('/v1/events', event);
          expect(status).toBe(201);
          acknowledged.push(event.id);
          expect((await balanced.post('/v1/recommendations', { user: event.user })).status).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, (_, name) => client(name)));
      expect(await servers[2].ended).toBe('SIGKILL');
      expect(balanced.retries).toBeGreaterThan(0);

      const database = new pg.Client({ connectionString: postgres.url });
      await database.connect();
      const { rows } = await database.query<{ id: string }>(
        "SELECT id FROM towerkit_events WHERE id LIKE 'event-%'",
      );
      await database.end();
      expect(acknowledged).toHaveLength(BEFORE + AFTER);
      expect(rows.map(({ id }) => id).sort()).toEqual([...acknowledged].sort());
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await postgres.stop();
      await remove();
    }
  },
);
