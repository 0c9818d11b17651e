import { afterAll, beforeAll, describe } from '@jest/globals';
import { join } from 'node:path';

import { postgresPrograms, startPostgres } from './postgres.js';
import { scratch } from './scratch.js';

type Kind = 'sqlite' | 'postgres';

/** Where a store is, and a way to be rid of it. */
interface Place {
  readonly place: string;
  readonly remove: () => Promise<void>;
}

/** Both kinds of stores, and whether they can be started here. */
const STORES: readonly { name: Kind; here: boolean; start: () => Promise<Place> }[] = [
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

/**
 * Runs the same tests for each kind of store; they are listed as skipped for one that cannot be started here.
 *
 * @param tests `place` is where to open an empty store, known once hooks and tests run
 */
export function describeStores(tests: (given: { name: Kind; place: () => string }) => void): void {
  for (const { name, here, start } of STORES)
    (here ? describe : describe.skip)(name, () => {
      let where: Place | undefined;
      beforeAll(async () => void (where = await start()));
      tests({ name, place: () => where!.place });
      afterAll(() => where?.remove()); // after the hooks of the tests, which close their stores
    });
}
