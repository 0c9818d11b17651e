import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Server } from '../server/server.js';
import type { Disk } from './disk.js';
import type { Postgres } from './postgres.js';
import type { Draws } from './random.js';
import type { Place } from './versions.js';

/** What faults are done to. */
export interface Stage {
  readonly server: Server;
  readonly place: Place;
  readonly draws: Draws;
  readonly postgres?: Postgres;
  readonly disk?: Disk;
}

/** Something that is done to a running server; takes as long as the trouble lasts. */
interface Trouble {
  /** Whether it is about the artifact. */
  readonly artifact?: boolean;
  possible?(stage: Stage): boolean;
  do(stage: Stage): Promise<void>;
}

const FLOOD = 400;

/** Milliseconds until a whole artifact answers: looked for, verified, tried, taken over. */
const TAKE_OVER = 15_000;

/** Waits until the artifact that lies there answers. @throws Error where it does not */
async function takenOver({ server: { url }, place: { latest } }: Stage): Promise<void> {
  for (const ends = performance.now() + TAKE_OVER; performance.now() < ends;) {
    const { models = [] } = (await (await fetch(`${url}/v1/models`)).json()) as {
      models?: { version: string }[];
    };
    if (models.some(({ version }) => version === latest?.version)) return;
    await sleep(100);
  }
  throw new Error(`a whole artifact had not taken over after ${TAKE_OVER / 1000} s`);
}

/** Milliseconds until all works again, once a trouble is over. */
const RECOVERY = 15_000;

/** Waits until a write and a read succeed. @throws Error where they do not */
async function worksAgain({ server: { url }, draws }: Stage): Promise<void> {
  let last = '';
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    last = `${path} ${answer.status} ${await answer.text()}`;
    return answer.ok;
  };
  for (const ends = performance.now() + RECOVERY; performance.now() < ends;) {
    const id = `again-${draws.below(2 ** 31)}`;
    if (
      (await post('/v1/events', { id, user: 'again', item: id })) &&
      (await post('/v1/recommendations', { user: 'again' }))
    )
      return;
    await sleep(200);
  }
  throw new Error(`it did not work again ${RECOVERY / 1000} s later: ${last}`);
}

/** Every kind of trouble, by name. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'good swap': {
    artifact: true,
    async do(stage) {
      await stage.place.swap(stage.draws.one(stage.place.good));
      await takenOver(stage);
    },
  },
  'bad swap': {
    artifact: true,
    async do(stage) {
      const { place, draws } = stage;
      await place.swapBad(draws);
      await sleep(3000);
      await place.swap(draws.one(place.good));
      await takenOver(stage);
    },
  },
  'torn swap': {
    artifact: true,
    async do(stage) {
      const { place, draws } = stage;
      await place.tear(draws.one(place.good), draws, true);
      await takenOver(stage);
    },
  },
  'torn swap that never ends': {
    artifact: true,
    async do(stage) {
      const { place, draws } = stage;
      await place.tear(draws.one(place.good), draws, false);
      await sleep(3000);
      await place.swap(draws.one(place.good));
      await takenOver(stage);
    },
  },
  'PostgreSQL away': {
    possible: ({ postgres }) => postgres !== undefined,
    async do(stage) {
      const { postgres, draws } = stage;
      await postgres!.stop(draws.one(['SIGQUIT', 'SIGINT'] as const));
      await sleep(draws.between(1000, 5000));
      await postgres!.start();
      await worksAgain(stage);
    },
  },
  'disk full': {
    possible: ({ disk }) => disk !== undefined,
    async do(stage) {
      const { disk, draws } = stage;
      await disk!.fill();
      await sleep(draws.between(1000, 4000));
      await disk!.free();
      await worksAgain(stage);
    },
  },
  'thread killed': {
    async do(stage) {
      await stage.server.endThread();
      await worksAgain(stage);
    },
  },
  'connection flood': {
    async do(stage) {
      const { port } = stage.server;
      const { draws } = stage;
      const sockets = Array.from({ length: FLOOD }, (_, at) => {
        const socket: Socket = connect(port, '127.0.0.1').on('error', () => undefined);
        if (at % 2 === 0) socket.write('POST /v1/recommendations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le');
        return socket;
      });
      await sleep(draws.between(1000, 4000));
      for (const socket of sockets) socket.destroy();
      await worksAgain(stage);
    },
  },
};
