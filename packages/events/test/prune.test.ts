import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { openStore, prune, Retention, type EventStore, type NewEvent, type Pruned } from '../src/index.js';
import { impression } from './setup/impression.js';
import { describeStores } from './setup/stores.js';

/** The clock is set by hand, timers run. */
const CLOCK_ONLY = {
  doNotFake: [
    'clearImmediate',
    'clearInterval',
    'clearTimeout',
    'hrtime',
    'nextTick',
    'performance',
    'queueMicrotask',
    'setImmediate',
    'setInterval',
    'setTimeout',
  ],
} satisfies Parameters<typeof jest.useFakeTimers>[0];
afterEach(() => void jest.useRealTimers());

const event = (n: number, at: number): NewEvent => ({
  id: `${n}`,
  user: `u${n % 3}`,
  item: 'x',
  at,
  type: 'view',
});

describeStores(({ name, place }) => {
  let store: EventStore;
  beforeAll(async () => {
    store = await openStore(place());
  });
  afterAll(() => store?.close());
  const count = async () => await prune({ store, events: 100_000, impressions: 100_000, dryRun: true });

  test('what is older goes, in steps, and nothing else; a dry run removes nothing', async () => {
    // More than two steps look at, in an order that is not that of time.
    await store.append(Array.from({ length: 12_000 }, (_, n) => event(n, (n * 7919) % 1000)));
    await store.record(
      Array.from({ length: 11_000 }, (_, n) => impression(`i${n}`, { at: n < 9000 ? 5 : n })),
    );
    expect(await prune({ store, events: 250, impressions: 6, dryRun: true })).toEqual({
      events: 3000,
      impressions: 9000,
    });
    expect(await count()).toEqual({ events: 12_000, impressions: 11_000 });
    expect(await prune({ store, events: 250 })).toEqual({ events: 3000, impressions: 0 });
    expect(await prune({ store, impressions: 6 })).toEqual({ events: 0, impressions: 9000 });
    expect(await count()).toEqual({ events: 9000, impressions: 2000 });
    expect((await store.history('u1', 20_000)).every(({ at }) => at >= 250)).toBe(true);
    expect(await prune({ store, events: 250, impressions: 6 })).toEqual({ events: 0, impressions: 0 });
    expect(await prune({ store })).toEqual({ events: 0, impressions: 0 });
  });

  test('others write meanwhile', async () => {
    await store.append(Array.from({ length: 20_000 }, (_, n) => event(100_000 + n, 1)));
    const other = await openStore(place());
    let done = false;
    const pruning = prune({ store: other, events: 2 }).finally(() => (done = true));
    let written = 0;
    while (!done) written += await store.append([event(200_000 + written, 500)]);
    expect(await pruning).toEqual({ events: 20_000, impressions: 0 });
    expect(written).toBeGreaterThan(1);
    expect((await prune({ store, events: 501, dryRun: true })).events).toBeGreaterThanOrEqual(written);
    await other.close();
  });

  test('one that is stopped goes on later', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await prune({ store, events: 1000, signal: stop.signal })).toEqual({ events: 0, impressions: 0 });
    for (const bad of [NaN, -1, 0.5])
      await expect(prune({ store, impressions: bad })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });

  test('a limit of bytes refuses more until something is removed', async () => {
    const limited = await openStore(place(), { limit: 3_000_000 });
    const fill = async (from: number) => {
      for (let n = 0; n < 60; n++)
        await limited.append(Array.from({ length: 1000 }, (_, k) => event(from + n * 1000 + k, 3)));
    };
    const full = { code: 'STORE_FULL', details: { limit: 3_000_000 } };
    jest.useFakeTimers({ ...CLOCK_ONLY, now: Date.now() });
    const filling = async () => {
      // PostgreSQL is asked for its size every few seconds only.
      for (let from = 1_000_000; ; from += 60_000, jest.setSystemTime(Date.now() + 10_000)) await fill(from);
    };
    await expect(filling()).rejects.toMatchObject(full);
    if (name === 'postgres') return limited.close(); // whose room is free after its vacuum only
    await expect(limited.record([impression('one more')])).rejects.toMatchObject(full);
    await limited.ping(); // it works: it is only full
    await prune({ store: limited, events: 1000, impressions: 100_000 });
    expect(await limited.append([event(9_000_000, 1)])).toBe(1);
    expect((await stat(place())).size).toBeLessThan(500_000); // and the disk has its room back
    await limited.close();
  });
});

describe('retention', () => {
  const day = 24 * 3600 * 1000;

  test('prunes at once and then every so often; a failure is tried again', async () => {
    jest.useFakeTimers({ ...CLOCK_ONLY, now: 100 * day });
    const steps: string[] = [];
    const told: Pruned[] = [];
    const retention = new Retention(
      {
        pruneStep: async ({ table, before }) => {
          steps.push(`${table} ${before / day}`);
          if (steps.length === 3) throw new Error('no disk');
          return { removed: 2 };
        },
        reclaim: async () => false,
      },
      { events: 90, impressions: 30.5, every: 10 },
      (pruned) => told.push(pruned),
    );
    retention.start();
    while (told.length < 2) await sleep(1);
    await retention.close();
    const both = ['events 10', 'impressions 69.5'];
    expect(steps.slice(0, 5)).toEqual([...both, 'events 10', ...both]);
    expect(told.slice(0, 2)).toEqual(Array(2).fill({ events: 2, impressions: 2 }));
    const { length } = steps;
    await sleep(50);
    expect(steps).toHaveLength(length);
  });

  test('keeps all where nothing is said', async () => {
    const retention = new Retention(
      { pruneStep: () => Promise.reject(new Error('asked')), reclaim: async () => false },
      { every: 1 },
    );
    retention.start();
    await retention.close();
  });
});
