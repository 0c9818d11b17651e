import { openStore, outcomes } from '@towerkit/events';
import { cached, fitLsa, loadLsa, type TextEncoder } from '@towerkit/text';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { tamper } from '../generate/tampering.js';
import { WrongAnswer } from '../victim/protocol.js';
import type { StoreCase, STORES } from './stores.js';

type Store = (typeof STORES)[number];

const TEXTS = Array.from({ length: 60 }, (_, at) => `mug ${at % 7} red ${at % 5} tea pot ${at % 3} kettle`);

/** How each store is made, and what is done with a changed one. */
const KINDS: Readonly<
  Record<Store, { make(folder: string): Promise<void>; use(folder: string): Promise<void> }>
> = {
  lsa: {
    make: async (folder) => (await fitLsa(TEXTS, { dimensions: 4 })).save(folder),
    use: async (folder) => encode(await loadLsa(folder)),
  },
  cache: {
    make: async (folder) => encode(cached(await encoder(), { folder })),
    use: async (folder) => encode(cached(await encoder(), { folder })),
  },
  events: {
    async make(folder) {
      const store = await openStore(join(folder, 'events.db'));
      await store.append(
        Array.from({ length: 200 }, (_, at) => ({
          id: `e${at}`,
          user: `u${at % 9}`,
          item: `i${at % 20}`,
          type: 'view',
          at: 1_700_000_000_000 + at,
        })),
      );
      await store.close();
    },
    async use(folder) {
      const store = await openStore(join(folder, 'events.db'));
      try {
        await store.ping();
        await store.append([{ id: 'new', user: 'u1', item: 'i1', type: 'view', at: 1_700_000_001_000 }]);
        const history = await store.history('u1', 1000);
        if (history.at(-1)?.item !== 'i1')
          throw new WrongAnswer('an event that was acknowledged is not there');
        await outcomes(store, { since: 0, until: 2e12 }, ['view']);
      } finally {
        await store.close();
      }
    },
  },
};

let lsa: Promise<TextEncoder> | undefined;
const encoder = () => (lsa ??= fitLsa(TEXTS, { dimensions: 4 }));

async function encode(from: TextEncoder): Promise<void> {
  const { data } = await from.encode(TEXTS.slice(0, 20));
  if (!data.every(Number.isFinite))
    throw new WrongAnswer('a text vector with values that are no finite numbers');
}

const made = new Map<Store, Promise<string>>();

/** Opens a changed store and uses it. */
export async function openStored({ store, tampering }: StoreCase, folder: string): Promise<void> {
  const kind = KINDS[store];
  if (!made.has(store)) {
    const base = join(folder, '..', `base-${store}`);
    made.set(
      store,
      mkdir(base, { recursive: true })
        .then(() => kind.make(base))
        .then(() => base),
    );
  }
  const path = join(folder, store);
  await tamper(await made.get(store)!, path, tampering);
  await kind.use(path);
}
