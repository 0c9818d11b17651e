import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { openStore, PendingUsers, type EventStore } from '../src/index.js';
import { describeStores } from './setup/stores.js';

const full = (limit: number) => ({ code: 'STORE_FULL', details: { limit } });

describeStores(({ place }) => {
  let store: EventStore;
  beforeAll(async () => {
    store = await openStore(place());
    const users = ['', ...Array.from({ length: 2500 }, (_, n) => `u${n}`), 'Ä', 'ä', '🎮'];
    for (const round of [1, 2])
      await store.append(
        users.map((user, n) => ({
          id: `${round} ${n}`,
          user,
          item: 'x',
          at: round,
          type: 'view',
          answer: 'a',
        })),
      );
  });
  afterAll(() => store?.close());

  test('tells its users each once, page by page', async () => {
    const found: string[] = [];
    for (let page = await store.users('', 100); page.length > 0; page = await store.users(page.at(-1)!, 100))
      found.push(...page);
    expect(found).toHaveLength(2503);
    expect(new Set(found)).toEqual(
      new Set([...Array.from({ length: 2500 }, (_, n) => `u${n}`), 'Ä', 'ä', '🎮']),
    );
  });

  test('users that no model knows are counted across a restart, and no more than the limit are let in', async () => {
    const pending = new PendingUsers({ store, limit: 2505, knows: (user) => user.startsWith('known') });
    await pending.admit(['u1', 'u2499', 'ä']); // have events already
    await pending.admit(['new 1', 'new 1', 'known 1', 'known 2', '']);
    await expect(pending.admit(['new 2', 'new 3'])).rejects.toMatchObject(full(2505)); // none of both
    await pending.admit(['new 2']);
    await expect(pending.admit(['new 3'])).rejects.toMatchObject(full(2505));
    await pending.admit(['known 3', 'new 1', 'new 2', 'u7']);
    await new PendingUsers({ store, limit: 0, knows: () => false }).admit(['anybody']);
  });
});

test('after a training or a pruning there is room again, looked for once a minute', async () => {
  let now = 0;
  let asked = 0;
  let known = false;
  const store = {
    users: async (after: string) => {
      asked++;
      return after === '' ? ['a', 'b'] : [];
    },
  };
  const pending = new PendingUsers({ store, limit: 2, knows: () => known, now: () => now });
  await expect(pending.admit(['c'])).rejects.toMatchObject(full(2));
  for (now = 0; now < 60_000; now += 1000) await expect(pending.admit(['c'])).rejects.toMatchObject(full(2));
  const before = asked;
  known = true;
  await pending.admit(['c']);
  known = false;
  await expect(pending.admit(['c'])).rejects.toMatchObject(full(2));
  expect(asked).toBeGreaterThan(before);
});
