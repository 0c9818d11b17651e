import { join } from 'node:path';

import { postgresPrograms, startPostgres } from './postgres.js';
import { scratch } from './scratch.js';

/** Where a store is, and a way to be rid of it. */
export interface Place {
  readonly place: string;
  readonly remove: () => Promise<void>;
}

/** Both kinds of stores, and whether they can be started here. */
export const STORES: readonly { name: string; here: boolean; start: () => Promise<Place> }[] = [
  {
    name: 'sqlite',
    here: true,
    start: async () => {
      const { folder, remove } = await scratch();
      return { place: join(folder, 'deep/events.db'), remove };
    },
  },
  {
    name: 'postgres',
    here: postgresPrograms !== undefined,
    start: async () => {
      const { url, stop } = await startPostgres();
      return { place: url, remove: stop };
    },
  },
];
