import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Vocabulary } from '@towerkit/core';

import { DEFAULT_KINDS, denseIds, EventKinds, userHistory, type KeptEvent } from '../src/index.js';

describe('the history of a user', () => {
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
    const known = await userHistory({ model, store, kinds, user: 'u', limit: 100 });
    expect(known).toEqual({
      user: 0,
      history: [0, 1, 2, 3, 0, 2],
      keep: [2],
      deny: [0, 1, 3, 4],
      unknown: [],
    });
  });

  test('of a model that says what is left out, all else of its histories may come again', async () => {
    const leftOut = new CsrMatrix(1, 5, Int32Array.of(0, 2), Int32Array.of(1, 2)); // b was taken, c disliked; a was viewed
    const known = await userHistory({ model: { ...model, leftOut }, store, kinds, user: 'u', limit: 100 });
    // The view of c before the artifact was made is in it already; the one since is not.
    expect(known).toMatchObject({ history: [0, 1, 3, 0, 2], keep: [0] });
    expect([...known.deny].sort()).toEqual([1, 2, 3, 4]);
    const stranger = { model: { ...model, leftOut }, store, kinds, user: 'v', limit: 100 };
    expect((await userHistory(stranger)).deny.sort()).toEqual([3, 4]);
  });
  test.each(['allow', 'only'] as const)(
    'where repeats are asked for (%s), only what was refused may not come',
    async (repeats) => {
      const ask = { model, store, kinds, user: 'u', limit: 100, repeats };
      expect(await userHistory(ask)).toMatchObject({
        history: [0, 1, 2, 3, 0, 2],
        keep: [0, 1, 2, 3],
        deny: [4],
      });
      expect(await userHistory({ ...ask, added: ['c'] })).toMatchObject({ deny: [4] });
      const bought = new EventKinds({ buy: { history: true, exclude: true } });
      expect((await userHistory({ ...ask, kinds: bought })).deny).toEqual([]);
    },
  );

  test('what the request itself names is had, viewed or not', async () => {
    const known = await userHistory({ model, store, kinds, user: 'u', added: ['c', 'none'], limit: 100 });
    expect(known).toMatchObject({ keep: [], deny: [0, 1, 2, 3, 4], unknown: ['none'] });
    expect(await userHistory({ model, store, kinds, added: ['c'], limit: 100 })).toEqual({
      user: -1,
      history: [2],
      keep: [],
      deny: [],
      unknown: [],
    });
  });

  test('newer views push a purchase out of the history, not back into the answers', async () => {
    const known = await userHistory({ model, store, kinds, user: 'u', limit: 2 });
    expect(known.history).toEqual([1, 2]); // the last view is of an item the model does not have
    expect(known.keep).toEqual([2]);
    expect([...known.deny].sort()).toEqual([0, 1, 3, 4]);
  });

  test('dense ids, in the order given, and the names that have none', () => {
    expect(denseIds(model.items, ['c', 'x', 'a', 'c', ''])).toEqual({
      known: [2, 0, 2],
      unknown: ['x', ''],
    });
  });
});
