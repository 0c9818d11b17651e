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

/** Every kind of trouble, by name. */
export const TROUBLES: Readonly<Record<string, Trouble>> = {
  'good swap': { artifact: true, do: ({ place, draws }) => place.swap(draws.one(place.good)) },
  'bad swap': {
    artifact: true,
    async do({ place, draws }) {
      await place.swapBad(draws);
      await sleep(3000);
      await place.swap(draws.one(place.good));
    },
  },
  'torn swap': {
    artifact: true,
    do: ({ place, draws }) => place.tear(draws.one(place.good), draws, true),
  },
  'torn swap that never ends': {
    artifact: true,
    async do({ place, draws }) {
      await place.tear(draws.one(place.good), draws, false);
      await sleep(3000);
      await place.swap(draws.one(place.good));
    },
  },
  'PostgreSQL away': {
    possible: ({ postgres }) => postgres !== undefined,
    async do({ postgres, draws }) {
      await postgres!.stop(draws.one(['SIGQUIT', 'SIGINT'] as const));
      await sleep(draws.between(1000, 5000));
      await postgres!.start();
    },
  },
  'disk full': {
    possible: ({ disk }) => disk !== undefined,
    async do({ disk, draws }) {
      await disk!.fill();
      await sleep(draws.between(1000, 4000));
      await disk!.free();
    },
  },
  'thread killed': { do: ({ server }) => server.endThread() },
  'connection flood': {
    async do({ server: { port }, draws }) {
      const sockets = Array.from({ length: FLOOD }, (_, at) => {
        const socket: Socket = connect(port, '127.0.0.1').on('error', () => undefined);
        if (at % 2 === 0) socket.write('POST /v1/recommendations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Le');
        return socket;
      });
      await sleep(draws.between(1000, 4000));
      for (const socket of sockets) socket.destroy();
    },
  },
};
