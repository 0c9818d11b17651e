import { beforeEach, describe, expect, test } from '@jest/globals';
import { TowerkitError } from '@towerkit/core';

import { WatchedStore, type EventStore } from '../src/index.js';

const unavailable = (reason: string) =>
  new TowerkitError('STORE_UNAVAILABLE', 'the event store does not work', {
    hint: 'see to it',
    details: { reason, place: 'events.db', said: 'in its own words' },
  });

/** A store that does what it is told to, and counts what it is asked. */
class FakeStore implements Partial<EventStore> {
  readonly place = 'events.db';
  error: Error | undefined;
  asked = 0;
  slow: Promise<void> | undefined;

  readonly append = () => this.#answer(1);
  readonly history = () => this.#answer([]);
  readonly ping = () => this.#answer(undefined);

  async #answer<T>(value: T): Promise<T> {
    this.asked++;
    await this.slow;
    if (this.error) throw this.error;
    return value;
  }
}

describe('a store that is watched', () => {
  let fake: FakeStore;
  let store: WatchedStore;
  let now: number;
  let said: string[];
  let failed: string[];
  beforeEach(() => {
    fake = new FakeStore();
    now = 0;
    said = [];
    failed = [];
    const listener = {
      say: (text: string) => void said.push(text),
      failed: (operation: string, reason: string) => void failed.push(`${operation} ${reason}`),
    };
    store = new WatchedStore(fake as unknown as EventStore, listener, () => now);
  });
  const write = () => store.append([]);
  const refused = (work: Promise<unknown>, code = 'STORE_UNAVAILABLE') =>
    expect(work).rejects.toMatchObject({ code });

  test('tells of a failure once a minute with what to do, and when it is over', async () => {
    fake.error = unavailable('full');
    for (; now < 60_000; now += 100) await refused(write());
    expect(said).toEqual([
      expect.stringMatching(/^STORE_UNAVAILABLE: write events\.db: .*in its own words.*see to it$/),
    ]);
    await refused(write());
    expect(said).toHaveLength(2);
    expect(failed).toHaveLength(601);
    fake.error = undefined;
    now += 1000;
    await write();
    expect(said[2]).toMatch(/takes events again: 601 failures in 61 s/);
    fake.error = unavailable('full');
    await refused(write());
    expect(said).toHaveLength(4); // another time is told of at once
  });

  test('tells each kind of failure, of reading and writing apart', async () => {
    for (const reason of ['full', 'locked', 'full']) {
      fake.error = unavailable(reason);
      now += 1001;
      await refused(write());
      await refused(store.history('u', 1));
    }
    expect(said).toHaveLength(4);
    expect(new Set(failed)).toEqual(new Set(['write full', 'write locked', 'read full', 'read locked']));
  });

  test('tries once a second while it does not work, and all others fail at once', async () => {
    fake.error = unavailable('unreachable');
    await refused(write());
    now = 999;
    await Promise.all(Array.from({ length: 50 }, () => refused(write())));
    expect(fake.asked).toBe(1);
    now = 1000;
    let go = () => undefined as void;
    fake.slow = new Promise((resolve) => (go = resolve));
    const trial = write();
    for (let n = 0; n < 50; n++) await refused(write()); // none waits for the trial
    expect(fake.asked).toBe(2);
    fake.error = undefined;
    go();
    await trial;
    expect(await Promise.all([write(), write()])).toEqual([1, 1]);
    expect(store.works('write')).toBe(true);
  });

  test('a write that was begun before a failure does not make it ready again', async () => {
    let end = () => undefined as void;
    fake.slow = new Promise((resolve) => (end = resolve));
    const before = store.append([]);
    fake.slow = undefined;
    fake.error = unavailable('full');
    await refused(write());
    fake.error = undefined;
    end();
    await before;
    expect(store.works('write')).toBe(false);
    await refused(store.ping());
    now += 1000;
    await store.ping();
    expect(store.works('write')).toBe(true);
  });

  test('a failed write leaves reading alone', async () => {
    fake.error = unavailable('full');
    await refused(store.ping());
    fake.error = undefined;
    expect(await store.history('u', 1)).toEqual([]);
    expect([store.works('read'), store.works('write')]).toEqual([true, false]);
  });

  test('says whether events can be kept: by what it took last, else by a trial', async () => {
    await write();
    now = 4999;
    await store.ping();
    expect(fake.asked).toBe(1);
    now = 5000;
    await Promise.all([store.ping(), store.ping()]);
    expect(fake.asked).toBe(2);
    now = 20_000;
    fake.error = unavailable('missing');
    await refused(store.ping());
    now += 1000;
    fake.error = undefined;
    await store.ping();
    expect(store.works('write')).toBe(true);
  });

  test('is not ready while it cannot be read either', async () => {
    fake.error = unavailable('damaged');
    await refused(store.history('u', 1));
    now = 1000;
    await refused(store.ping());
    fake.error = undefined;
    now = 2001;
    await store.ping();
    expect([store.works('read'), store.works('write')]).toEqual([true, true]);
  });

  test('what was asked wrongly, or a limit, is no failure of it; the limit is told', async () => {
    fake.error = new TowerkitError('BAD_VALUE', 'events/0/at: no');
    await refused(write(), 'BAD_VALUE');
    expect(said).toEqual([]);
    fake.error = new TowerkitError('STORE_FULL', 'it holds as much as it may', { hint: 'prune' });
    await refused(write(), 'STORE_FULL');
    await refused(write(), 'STORE_FULL');
    expect(said).toEqual([expect.stringContaining('STORE_FULL')]);
    expect(store.works('write')).toBe(true);
  });
});
