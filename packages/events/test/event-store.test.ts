import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { randomUUID } from 'node:crypto';

import {
  openStore,
  outcomes,
  type ArmOutcome,
  type EventStore,
  type Impression,
  type NewEvent,
} from '../src/index.js';
import { describeStores } from './setup/stores.js';

describeStores(({ name, place }) => {
  let store: EventStore;
  beforeAll(async () => {
    store = await openStore(place());
  });
  afterAll(() => store?.close());
  const event = (user: string, item: string, at: number, id: string = randomUUID()): NewEvent => ({
    id,
    user,
    item,
    at,
    type: 'view',
  });

  test('gives a user the last events, oldest first, those of one moment as they came', async () => {
    expect(store.kind).toBe(name);
    await store.append([event('a', 'third', 30), event('a', 'first', 10), event('b', 'other', 15)]);
    await store.append([event('a', 'second', 20), event('a', 'also second', 20)]);
    const items = async (limit: number) => (await store.history('a', limit)).map(({ item }) => item);
    expect(await items(10)).toEqual(['first', 'second', 'also second', 'third']);
    expect(await items(2)).toEqual(['also second', 'third']);
    expect(await store.history('b', 10)).toEqual([{ item: 'other', at: 15, type: 'view' }]);
    expect(await store.history('nobody', 10)).toEqual([]);
  });

  test('keeps an id once, within a request and across requests', async () => {
    const twice = event('c', 'x', 1, 'same');
    expect(await store.append([twice, twice])).toBe(1);
    expect(await store.append([twice, event('c', 'y', 2)])).toBe(1);
    expect((await store.history('c', 10)).map(({ item }) => item)).toEqual(['x', 'y']);
  });

  test('keeps all of a request or nothing', async () => {
    const bad = { ...event('d', 'y', 2), at: Number.NaN };
    await expect(store.append([event('d', 'x', 1), bad])).rejects.toMatchObject({
      code: 'BAD_VALUE',
      details: { field: 'events/1/at' },
    });
    expect(await store.history('d', 10)).toEqual([]);
    expect(await store.append([event('d', 'z', 3)])).toBe(1); // and goes on
  });

  test('gives the last events of some kinds, which others do not push out', async () => {
    const of = (type: string, at: number) => ({ ...event('k', `${type} ${at}`, at), type });
    await store.append([of('purchase', 1), of('view', 2), of('hide', 3), of('view', 4), of("o'dd", 5)]);
    const items = async (limit: number, kinds?: string[]) =>
      (await store.history('k', limit, kinds)).map(({ item }) => item);
    expect(await items(2, ['purchase', 'hide'])).toEqual(['purchase 1', 'hide 3']);
    expect(await items(1, ['view'])).toEqual(['view 4']);
    expect(await items(9, ["o'dd"])).toEqual(["o'dd 5"]);
    expect(await items(9, [])).toEqual([]);
    expect(await items(9)).toHaveLength(5);
  });

  const impression = (id: string, at: number, more: Partial<Impression> = {}): Impression => ({
    id,
    at,
    experiment: 'split',
    arms: ['a'],
    version: 'v1',
    items: ['x', 'y'],
    teams: [0, 0],
    ...more,
  });

  test('keeps impressions once, counts them by arms and gives them with the events that name them', async () => {
    const interleaved = impression('second', 1010, {
      experiment: 'interleave',
      arms: ['a', 'b'],
      teams: [1, 0],
      user: `Zoë's "42%"`,
      session: 's',
    });
    const click = (item: string, answer: string) => ({ ...event('', item, 1), type: 'click', answer });
    await store.append([click('x', 'second')]); // an event may be there before its impression
    await store.record([impression('first', 1000), interleaved, impression('first', 1001)]);
    await store.record([interleaved, impression('third', 1020)]);
    await store.append([click('y', 'first'), click('q', 'no such answer'), event('u', 'x', 1)]);
    const range = { since: 1000, until: 1020 };
    expect(await store.impressions(range)).toEqual([
      { experiment: 'interleave', arms: ['a', 'b'], count: 1 },
      { experiment: 'split', arms: ['a'], count: 1 },
    ]);
    expect(await store.impressions({ since: 1001, until: 1021 })).toHaveLength(2);
    const { votes, next } = await store.votes(range, 0, 100);
    expect(next).toBeUndefined();
    expect(votes).toEqual([
      { item: 'x', type: 'click', impression: interleaved },
      { item: 'y', type: 'click', impression: impression('first', 1000) },
    ]);
    expect(await store.votes({ since: 0, until: 1000 }, 0, 100)).toEqual({ votes: [] });
  });

  test('keeps all impressions of a call or none', async () => {
    const bad = impression('worse', Number.NaN);
    await expect(store.record([impression('bad', 5), bad])).rejects.toMatchObject({
      code: 'BAD_VALUE',
      details: { field: 'impressions/1/at' },
    });
    expect(await store.impressions({ since: 0, until: 10 })).toEqual([]);
  });

  test('adds up to what a naive count of the same random events gives, page by page', async () => {
    const rng = new Rng(5);
    const items = ['i0', 'i1', 'i2', 'i3', 'i4'];
    const shown = Array.from({ length: 300 }, (_, n) => {
      const experiment = n % 2 === 0 ? 'split' : 'interleave';
      return impression(`r${n}`, 10_000 + n, {
        experiment,
        arms: experiment === 'split' ? [rng.uniform() < 0.3 ? 'a' : 'b'] : ['a', 'b'],
        items: rng.shuffle([...items]).slice(0, 3),
        teams: experiment === 'split' ? [0, 0, 0] : [rng.integer(2), rng.integer(2), rng.integer(2)],
      });
    });
    const events = Array.from({ length: 2500 }, () => ({
      ...event('r', items[rng.integer(5)], 1),
      type: ['click', 'view', 'purchase'][rng.integer(3)],
      answer: `r${rng.integer(320)}`,
    }));
    await store.record(shown);
    await store.append(events);
    const range = { since: 10_010, until: 10_290 };
    const kinds = ['click', 'purchase'];
    const within = shown.filter(({ at }) => at >= range.since && at < range.until);
    const eventsOf = ({ id, arms, items, teams }: Impression, arm: string): number =>
      items
        .filter((_, place) => arms[teams[place]] === arm)
        .flatMap((item) =>
          kinds.filter((kind) =>
            events.some((one) => one.answer === id && one.item === item && one.type === kind),
          ),
        ).length;
    const wanted = ['split', 'interleave'].flatMap((experiment) =>
      ['a', 'b'].map((arm) => {
        const mine = within.filter((one) => one.experiment === experiment && one.arms.includes(arm));
        const other = arm === 'a' ? 'b' : 'a';
        const pairs = mine.map((one) => [eventsOf(one, arm), eventsOf(one, other)]);
        return {
          experiment,
          arm,
          impressions: mine.length,
          events: pairs.reduce((sum, [own]) => sum + own, 0),
          wins: pairs.filter(([own, others]) => own > others).length,
          ties: pairs.filter(([own, others]) => own === others && own > 0).length,
        };
      }),
    );
    const { arms, impressions } = await outcomes(store, range, kinds);
    const order = (one: { experiment: string; arm: string }) => one.experiment + one.arm;
    const sorted = (all: readonly ArmOutcome[]) => [...all].sort((x, y) => (order(x) < order(y) ? -1 : 1));
    expect(sorted(arms)).toEqual(sorted(wanted));
    expect(wanted.every(({ wins }) => wins > 10)).toBe(true);
    const any = within.filter((one) => eventsOf(one, 'a') + eventsOf(one, 'b') > 0);
    expect(impressions.map(({ impression: { id } }) => id).sort()).toEqual(any.map(({ id }) => id).sort());
  });

  test('takes many appends at once, each counted', async () => {
    const added = await Promise.all(
      Array.from({ length: 200 }, (_, place) => store.append([event('e', `item ${place}`, place)])),
    );
    expect(added).toEqual(new Array(200).fill(1));
    expect(await store.history('e', 1000)).toHaveLength(200);
  });

  test('shows what another opening of it appended, and keeps odd texts as they are', async () => {
    const other = await openStore(place());
    const odd = `Zoë's "42%"; DROP TABLE events -- \\ 🎮`;
    await other.append([event(odd, odd, 1)]);
    expect((await store.history(odd, 10)).map(({ item }) => item)).toEqual([odd]);
    await other.close();
  });

  test('has everything after it is opened again', async () => {
    await store.close();
    store = await openStore(place());
    await store.ping();
    expect(await store.history('e', 1000)).toHaveLength(200);
  });
});
