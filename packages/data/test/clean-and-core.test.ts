import { describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';

import {
  clean,
  dedupe,
  dropUsers,
  encodeInteractions,
  filterRows,
  fingerprint,
  kCore,
  minimumRating,
  timeBounds,
  toHistories,
  type InteractionArrays,
} from '../src/index.js';
import { randomArrays, randomLog, rowsOf, sortedRows, type Row } from './random-log.js';

const seeds = Array.from({ length: 25 }, (_, seed) => seed);

test('arrays become rows sorted by user, time and given order', () => {
  for (const seed of seeds) {
    const arrays = randomArrays(seed);
    expect(rowsOf(encodeInteractions(arrays))).toEqual(sortedRows(arrays));
  }
});

test('position orders where times tie', () => {
  const log = encodeInteractions({
    user: ['a', 'a', 'a'],
    item: ['x', 'y', 'z'],
    time: [1, 1, 0],
    position: [2, 1, 9],
    text: ['1', '2', '3'],
  });
  expect([...log.item]).toEqual([2, 1, 0]);
  expect(log.text).toEqual(['3', '2', '1']);
});

test('arrays that do not fit are refused', () => {
  const refuse = (rows: Parameters<typeof encodeInteractions>[0], code: string) =>
    expect(() => encodeInteractions(rows)).toThrow(expect.objectContaining({ code }));
  refuse({ user: [], item: [] }, 'EMPTY_DATA');
  refuse({ user: ['a'], item: ['x', 'y'] }, 'SHAPE_MISMATCH');
  refuse({ user: ['a'], item: ['x'], time: [NaN] }, 'BAD_VALUE');
  refuse({ user: ['a'], item: [''] }, 'BAD_VALUE');
});

describe('cleaning', () => {
  const pair = ({ user, item }: Row) => `${user} ${item}`;

  test.each(['first', 'last', 'none'] as const)('dedupe(%s) against a naive oracle', (keep) => {
    for (const seed of seeds) {
      const log = randomLog(seed, 120, 12, 20);
      const rows = rowsOf(log);
      const expected = rows.filter((row, k) => {
        const same = rows.flatMap((other, at) => (pair(other) === pair(row) ? [at] : []));
        return keep === 'none' ? same.length === 1 : k === (keep === 'first' ? same[0] : same.at(-1));
      });
      const cleaned = clean(log, [dedupe(keep)]);
      expect(rowsOf(cleaned.log)).toEqual(expected);
      expect(cleaned.removed).toEqual([{ rule: `dedupe(${keep})`, rows: rows.length - expected.length }]);
    }
  });

  test('minimumRating, timeBounds, dropUsers', () => {
    const log = randomLog(4);
    const before = fingerprint(log);
    const rows = rowsOf(log);
    const { log: left, removed } = clean(log, [
      minimumRating(3),
      timeBounds({ from: 1, until: 5 }),
      dropUsers(['  U3 ', 'u4']),
    ]);
    const expected = rows.filter(
      ({ user, time, rating }) => rating! >= 3 && time! >= 1 && time! < 5 && user !== 'u3' && user !== 'u4',
    );
    expect(rowsOf(left)).toEqual(expected);
    expect(removed.reduce((sum, one) => sum + one.rows, 0)).toBe(rows.length - expected.length);
    expect(removed.every(({ rows }) => rows > 0)).toBe(true);
    expect(fingerprint(log)).toBe(before);
  });

  test('names of users compare without case or extra white space', () => {
    const log = encodeInteractions({
      user: ['Amazon  Customer', 'anonymous', ' ANONYMOUS ', 'ann'],
      item: ['x', 'x', 'x', 'x'],
    });
    expect(clean(log, [dropUsers(['Anonymous', 'amazon customer'])]).log.users.names).toEqual(['ann']);
  });

  test('keeps or drops items without a row', () => {
    const log = encodeInteractions({ user: ['a', 'b'], item: ['x', 'y'], rating: [1, 5] });
    expect(clean(log, [minimumRating(2)]).log.items.names).toEqual(['y']);
    const kept = clean(log, [minimumRating(2)], 'keep').log;
    expect(kept.items.names).toEqual(['x', 'y']);
    expect([...kept.item]).toEqual([1]);
    expect(kept.users.names).toEqual(['b']);
  });

  test('says which rule lacks a column or leaves nothing', () => {
    const log = encodeInteractions({ user: ['a'], item: ['x'] });
    expect(() => clean(log, [minimumRating(2)])).toThrow(expect.objectContaining({ code: 'MISSING_COLUMN' }));
    expect(() => clean(log, [dropUsers(['a'])])).toThrow(
      expect.objectContaining({ code: 'EMPTY_DATA', message: expect.stringContaining('dropUsers(a)') }),
    );
    expect(() => filterRows(log, [1, 1])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});

describe('kCore', () => {
  function naive(rows: Row[], users: number, items: number): Row[] {
    for (;;) {
      const left = rows.filter(
        (row) =>
          rows.filter(({ user }) => user === row.user).length >= users &&
          rows.filter(({ item }) => item === row.item).length >= items,
      );
      if (left.length === rows.length) return left;
      rows = left;
    }
  }

  test('against a naive oracle', () => {
    let shrunk = 0;
    for (const seed of seeds)
      for (const [users, items] of [
        [2, 2],
        [3, 2],
        [2, 4],
        [4, 4],
      ]) {
        const log = randomLog(seed, 60, 25, 20);
        const expected = naive(rowsOf(log), users, items);
        if (expected.length === 0)
          expect(() => kCore(log, { users, items })).toThrow(expect.objectContaining({ code: 'EMPTY_DATA' }));
        else {
          const core = kCore(log, { users, items });
          expect(rowsOf(core)).toEqual(expected);
          expect(new Set(core.user).size).toBe(core.users.size);
          expect(new Set(core.item).size).toBe(core.items.size);
          if (expected.length < 60) shrunk++;
        }
      }
    expect(shrunk).toBeGreaterThan(10);
  });

  test('unravels a chain to nothing', () => {
    const n = 200;
    const user = Array.from({ length: 2 * n }, (_, k) => `u${k >> 1}`);
    const item = Array.from({ length: 2 * n }, (_, k) => `i${(k + 1) >> 1}`);
    expect(() => kCore(encodeInteractions({ user, item }), { users: 2, items: 2 })).toThrow(
      expect.objectContaining({ code: 'EMPTY_DATA' }),
    );
    expect(() => kCore(encodeInteractions({ user, item }), { users: 1.5 })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});

test('histories hold each user in time order, with ratings', () => {
  const log = randomLog(8);
  const histories = toHistories(log);
  for (let user = 0; user < log.users.size; user++) {
    const rows = rowsOf(log).filter((row) => row.user === log.users.nameOf(user));
    expect(Array.from(histories.row(user), (item) => log.items.nameOf(item))).toEqual(
      rows.map(({ item }) => item),
    );
    expect([...histories.values!.subarray(histories.indptr[user], histories.indptr[user + 1])]).toEqual(
      rows.map(({ rating }) => rating),
    );
  }
});

test('the fingerprint follows the contents', () => {
  const rows = { user: ['a', 'b'], item: ['x', 'y'], time: [1, 2] };
  const same = fingerprint(encodeInteractions(rows));
  expect(same).toMatch(/^[0-9a-f]{64}$/);
  expect(fingerprint(encodeInteractions(structuredClone(rows)))).toBe(same);
  const given: InteractionArrays[] = [
    { ...rows, time: [1, 3] },
    { ...rows, time: undefined },
    { ...rows, rating: [1, 2] },
    { ...rows, item: ['x', 'z'] },
    { ...rows, item: ['x', 'x'] },
    { ...rows, more: { device: ['web', ''] } },
    { ...rows, more: { device: ['web', 'app'] } },
    { ...rows, more: { place: ['web', 'app'] } },
    { ...rows, numbers: { device: [1, NaN] } },
    { ...rows, numbers: { device: [1, 2] } },
    { ...rows, numbers: { device: [1, 2], people: [1, 2] } },
  ];
  const others = given.map((one) => fingerprint(encodeInteractions(one)));
  others.push(fingerprint(encodeInteractions(rows, { items: new Vocabulary(['x', 'y', 'z']) })));
  const [n, m] = [
    [1, 2],
    [3, 4],
  ];
  expect(fingerprint(encodeInteractions({ ...rows, numbers: { n, m } }))).toBe(
    fingerprint(encodeInteractions({ ...rows, numbers: { m, n } })),
  );
  expect(new Set([same, ...others]).size).toBe(others.length + 1);
  expect(fingerprint(encodeInteractions({ user: ['a'], item: ['x'] }))).toBe(
    '661bf49d7590b9527352bcd56a2aae2d6c429ae849a9f87b99b7474072706be7',
  );
});
