import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CsrMatrix, Vocabulary } from '@towerkit/core';

import { DEFAULT_KINDS, EventKinds } from '../src/events/event-kinds.js';
import type { KeptEvent } from '../src/events/event-store.js';
import { ImpressionLog } from '../src/events/impression-log.js';
import type { Impression } from '../src/events/impression.js';
import { outcomesOfArms, VoteCount } from '../src/events/outcomes.js';
import { knownOf } from '../src/models/user-history.js';
import { optionsSchema } from '../src/options.js';

const impression = (id: string, more: Partial<Impression> = {}): Impression => ({
  id,
  at: 0,
  experiment: 'interleave',
  arms: ['old', 'new'],
  version: '1+2',
  items: ['a', 'b', 'c'],
  teams: [0, 1, 0],
  ...more,
});

describe('kinds of events', () => {
  const usual = new EventKinds(DEFAULT_KINDS);

  test('what was looked at enters the history, what somebody has or refuses is left out', () => {
    expect(usual.history).toEqual(['interaction', 'view', 'click', 'like', 'cart', 'purchase']);
    expect(usual.exclude).toEqual(['interaction', 'purchase', 'dislike', 'hide']);
    expect(usual.names).toContain('impression'); // which only counts
  });

  test('an unknown one is refused with the names of the others', () => {
    for (const name of ['veiw', 'constructor', '__proto__', ''])
      try {
        usual.check(name, 'body/type');
        throw new Error('it was taken');
      } catch (error) {
        expect(error).toMatchObject({
          code: 'UNKNOWN_KIND',
          message: `body/type: there is no kind of event ${JSON.stringify(name)}`,
          hint: expect.stringContaining('interaction, impression, view, click'),
        });
      }
  });

  test('the config adds kinds and changes what they mean', () => {
    const { kinds } = optionsSchema.parse({
      artifacts: ['x'],
      kinds: { view: {}, wishlist: { history: true }, cart: { exclude: true } },
    });
    const own = new EventKinds(kinds);
    expect(own.history).toEqual(['interaction', 'click', 'like', 'purchase', 'wishlist']);
    expect(own.exclude).toEqual(['interaction', 'cart', 'purchase', 'dislike', 'hide']);
    expect(optionsSchema.safeParse({ artifacts: ['x'], kinds: { view: { hsitory: true } } }).success).toBe(
      false,
    );
  });
});

describe('what is known of a user', () => {
  // By hand: u had a and b in training; the artifact is of the time 100.
  const model = {
    items: new Vocabulary(['a', 'b', 'c', 'd', 'e']),
    users: new Vocabulary(['u']),
    histories: new CsrMatrix(1, 5, Int32Array.of(0, 2), Int32Array.of(0, 1)),
    createdAt: 100,
  };
  const events: KeptEvent[] = [
    { item: 'a', at: 50, type: 'view' }, // in the artifact already
    { item: 'c', at: 60, type: 'view' },
    { item: 'd', at: 110, type: 'purchase' },
    { item: 'a', at: 120, type: 'view' },
    { item: 'e', at: 130, type: 'hide' },
    { item: 'c', at: 140, type: 'view' },
    { item: 'gone', at: 150, type: 'view' },
  ];
  const store = {
    history: async (_user: string, limit: number, kinds?: readonly string[]) =>
      events.filter(({ type }) => kinds!.includes(type)).slice(-limit),
  };
  const kinds = new EventKinds(DEFAULT_KINDS);

  test('views enter the history and may come again; purchases, refusals and what training has may not', async () => {
    const known = await knownOf(model, store, kinds, 'u', [], 100);
    expect(known).toEqual({
      user: 0,
      history: [0, 1, 2, 3, 0, 2],
      keep: [2],
      deny: [0, 1, 3, 4],
      unknown: [],
    });
  });

  test('what the request itself names is had, viewed or not', async () => {
    const known = await knownOf(model, store, kinds, 'u', ['c', 'none'], 100);
    expect(known).toMatchObject({ keep: [], deny: [0, 1, 2, 3, 4], unknown: ['none'] });
    expect(await knownOf(model, store, kinds, undefined, ['c'], 100)).toEqual({
      user: -1,
      history: [2],
      keep: [],
      deny: [],
      unknown: [],
    });
  });

  test('newer views push a purchase out of the history, not back into the answers', async () => {
    const known = await knownOf(model, store, kinds, 'u', [], 2);
    expect(known.history).toEqual([1, 2]); // the last view is of an item the model does not have
    expect(known.keep).toEqual([2]);
    expect([...known.deny].sort()).toEqual([0, 1, 3, 4]);
  });
});

describe('outcomes', () => {
  const click = (item: string, of: Impression, type = 'click') => ({ item, type, impression: of });

  test('an event is a vote for the model that put its item into the answer, once, and for none else', () => {
    const [one, two, three] = ['1', '2', '3'].map((id) => impression(id));
    const count = new VoteCount();
    for (const vote of [
      click('b', one),
      click('b', one), // again
      click('a', two),
      click('b', two),
      click('a', two, 'purchase'), // of another kind
      click('z', three), // not shown
      click('c', three),
      click('b', three),
    ])
      count.add(vote);
    expect(count.impressions.map(({ events }) => events)).toEqual([
      [0, 1],
      [2, 1],
      [1, 1],
    ]);
    const groups = [{ experiment: 'interleave', arms: ['old', 'new'], count: 5 }];
    expect(outcomesOfArms(groups, count.impressions)).toEqual([
      { experiment: 'interleave', arm: 'old', impressions: 5, events: 3, wins: 1, ties: 1 },
      { experiment: 'interleave', arm: 'new', impressions: 5, events: 3, wins: 1, ties: 1 },
    ]);
  });

  test('an impression of a split is won by any event', () => {
    const count = new VoteCount();
    const split = { experiment: 'split', arms: ['old'], teams: [0, 0, 0] };
    for (const item of ['a', 'c']) count.add(click(item, impression('s', split)));
    const groups = ['old', 'new'].map((arm) => ({ experiment: 'split', arms: [arm], count: 4 }));
    expect(outcomesOfArms(groups, count.impressions)).toEqual([
      { experiment: 'split', arm: 'old', impressions: 4, events: 2, wins: 1, ties: 0 },
      { experiment: 'split', arm: 'new', impressions: 4, events: 0, wins: 0, ties: 0 },
    ]);
  });
});

describe('the log of impressions', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const start = (policy: 'experiments' | 'all' | 'none') => {
    const written: string[][] = [];
    const state = { fails: false, lost: 0 };
    const record = async (batch: readonly Impression[]) => {
      if (state.fails) throw new Error('no disk');
      written.push(batch.map(({ id }) => id));
    };
    const log = new ImpressionLog({ record }, policy, (count) => (state.lost += count));
    return { log, written, state };
  };

  test('it writes what comes within a moment at once', async () => {
    const { log, written } = start('experiments');
    for (const id of ['1', '2', '3']) log.add(impression(id));
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(written).toEqual([['1', '2', '3']]);
    log.add(impression('4'));
    await log.close();
    expect(written).toEqual([['1', '2', '3'], ['4']]);
  });

  test('its policy says of which answers', async () => {
    for (const [policy, wanted] of [
      ['experiments', [['in']]],
      ['all', [['in', 'out']]],
      ['none', []],
    ] as const) {
      const { log, written } = start(policy);
      log.add(impression('in'));
      log.add(impression('out', { experiment: 'none' }));
      await log.close();
      expect(written).toEqual(wanted);
    }
  });

  test('a store that fails gets them later; what is too many, or left at the end, is counted as lost', async () => {
    const { log, written, state } = start('all');
    state.fails = true;
    log.add(impression('1'));
    await jest.advanceTimersByTimeAsync(100);
    log.add(impression('2'));
    state.fails = false;
    await jest.advanceTimersByTimeAsync(1000);
    expect(written).toEqual([['1', '2']]);
    state.fails = true;
    for (let n = 0; n < 10_005; n++) log.add(impression(`n${n}`));
    expect(state.lost).toBe(5);
    await log.close();
    expect(state.lost).toBe(10_005);
  });
});
