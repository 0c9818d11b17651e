import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isTowerkitError } from '@towerkit/core';
import fc from 'fast-check';
import { randomUUID } from 'node:crypto';

import { idFault, openStore, prune, timeFault, type EventStore, type NewEvent } from '../src/index.js';
import { describeStores } from './setup/stores.js';

/** The same runs on every machine. */
const RUNS = { seed: 18, numRuns: 150 } as const;

const NOW = Date.now();
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'kept',
    (error: unknown) => (isTowerkitError(error) ? error.code : String(error)),
  );

/** Texts as an attacker writes them: any UTF-16, controls, halves of pairs, blanks, quotes, long ones. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 6 }),
  fc.constantFrom(
    '',
    ' ',
    '\t\n',
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    "'; DROP TABLE events --",
    '\\x00',
    '{}',
    'NULL',
  ),
  fc.constantFrom('é', '漢', '🎮', '\\').map((one) => one.repeat(512)),
  fc.constantFrom('é', '漢', '🎮').map((one) => one.repeat(513)),
);
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: NOW }),
  fc.constantFrom(
    -1,
    0.5,
    NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    NOW + 3600_000,
    Number.MAX_VALUE,
    253402300800000,
  ),
);

/** Few names, so that ids and moments meet; one user has no account. */
const few = (...names: string[]) => fc.constantFrom(...names);
const soundEvent: fc.Arbitrary<NewEvent> = fc.record(
  {
    id: few('1', '2', '3', 'É', '\\', '\\\\'),
    user: few('', 'ada', 'Ada', 'ada ', 'bob'),
    item: few('x', 'y', 'z'),
    at: fc.integer({ min: 0, max: 20 }),
    type: few('view', 'hide', 'Hide'),
    answer: few('shown', 'other', '1'),
  },
  { requiredKeys: ['id', 'user', 'item', 'at', 'type'] },
);

/** What a store should do, said as simply as can be. */
class NaiveStore {
  #events: NewEvent[] = [];

  append(events: readonly NewEvent[]): number {
    const before = this.#events.length;
    for (const event of events)
      if (!this.#events.some((kept) => isSame(kept, event))) this.#events.push(event);
    return this.#events.length - before;
  }

  history(user: string, limit: number, kinds?: readonly string[]) {
    return this.#events
      .filter((event) => event.user === user && (!kinds || kinds.includes(event.type)))
      .toSorted((a, b) => a.at - b.at)
      .slice(-limit)
      .map(({ item, at, type }) => ({ item, at, type }));
  }

  prune(before: number): number {
    const { length } = this.#events;
    this.#events = this.#events.filter(({ at }) => at >= before);
    return length - this.#events.length;
  }
}

const isSame = (a: NewEvent, b: NewEvent) =>
  a.id === b.id && a.user === b.user && (a.user !== '' || (a.answer ?? '') === (b.answer ?? ''));

type Step =
  | { kind: 'append'; events: NewEvent[] }
  | { kind: 'history'; user: string; limit: number; kinds: string[] | undefined }
  | { kind: 'prune'; before: number; dryRun: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      events: fc.array(soundEvent, { maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('history' as const),
      user: few('', 'ada', 'Ada', 'ada ', 'bob'),
      limit: fc.integer({ min: 1, max: 6 }),
      kinds: fc.option(fc.subarray(['view', 'hide', 'Hide']), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('prune' as const), before: fc.nat(20), dryRun: fc.boolean() }),
  },
);

describeStores(({ place }) => {
  let store: EventStore;
  beforeAll(async () => {
    store = await openStore(place());
  });
  afterAll(() => store?.close());

  test('does what a naive store does, whatever is asked in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await prune({ store, events: NOW });
        const naive = new NaiveStore();
        for (const one of steps) {
          if (one.kind === 'append') expect(await store.append(one.events)).toBe(naive.append(one.events));
          else if (one.kind === 'history')
            expect(await store.history(one.user, one.limit, one.kinds)).toEqual(
              naive.history(one.user, one.limit, one.kinds),
            );
          else {
            const { events } = await prune({ store, events: one.before, dryRun: one.dryRun });
            const wanted = naive.prune(one.dryRun ? 0 : one.before);
            if (!one.dryRun) expect(events).toBe(wanted);
          }
        }
      }),
      { ...RUNS, numRuns: 60 },
    );
  });

  test('takes what is a sound value and refuses all else with BAD_VALUE, the field named', async () => {
    let refused = 0;
    const event = fc.record({
      id: anyText,
      user: anyText,
      item: anyText,
      at: anyTime,
      type: anyText,
      answer: anyText,
    });
    await fc.assert(
      fc.asyncProperty(event, async (given) => {
        const { at, user, ...ids } = given;
        const sound =
          timeFault(at) === undefined &&
          (user === '' || idFault(user) === undefined) &&
          Object.values(ids).every((id) => idFault(id) === undefined);
        expect(await codeOf(store.append([given]))).toBe(sound ? 'kept' : 'BAD_VALUE');
        if (sound)
          expect(await store.history(user, 100_000)).toContainEqual({
            item: given.item,
            at,
            type: given.type,
          });
        else refused++;
      }),
      RUNS,
    );
    expect(refused).toBeGreaterThan(50);
  });

  test('takes each sound text in each field alone, and gives it back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(few('id', 'user', 'item', 'type', 'answer'), anyText, async (field, text) => {
        const event = {
          id: randomUUID(),
          user: `of ${field}`,
          item: 'i',
          type: 't',
          answer: 'a',
          at: 1,
          [field]: text,
        };
        const sound = idFault(text) === undefined || (field === 'user' && text === '');
        if (!sound)
          return expect(store.append([event])).rejects.toMatchObject({
            code: 'BAD_VALUE',
            details: { field: `events/0/${field}` },
          });
        await store.append([event]);
        const { item, at, type } = event;
        expect(await store.history(event.user, 1000, [type])).toContainEqual({ item, at, type });
      }),
      RUNS,
    );
  });
});

test('ids are judged alike in all fields: NUL, halves of pairs, blanks and what is too long are none', () => {
  for (const bad of [
    '',
    ' ',
    '\t\n\u00a0',
    'a\0',
    '\0',
    '\ud83c',
    'x\udfaey',
    '\udfae\ud83c',
    'x'.repeat(513),
    '🎮'.repeat(513),
  ])
    expect(idFault(bad)).toEqual(expect.any(String));
  for (const good of ['a', ' a ', '0', '漢'.repeat(512), '🎮'.repeat(512), 'a\nb', '\u{10ffff}'])
    expect(idFault(good)).toBeUndefined();
  for (const bad of [undefined, null, 1, {}]) expect(idFault(bad)).toBe('expected a text');
});

test('times are whole milliseconds from 1970 to ten minutes from now', () => {
  for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53, 1_000_601, '5'])
    expect(timeFault(bad, 400_000)).toEqual(expect.any(String));
  for (const good of [0, 1, 400_000, 1_000_000]) expect(timeFault(good, 400_000)).toBeUndefined();
});
