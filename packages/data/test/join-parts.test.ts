import { expect, test } from '@jest/globals';

import { encodeInteractions, joinParts, type InteractionArrays } from '../src/index.js';

test('parts of several files under one set of ids, kinds included', () => {
  const train = encodeInteractions({
    user: ['a', 'b'],
    item: ['x', 'y'],
    kind: ['view', 'buy'],
    weight: [1, 2],
  });
  const validation = encodeInteractions({
    user: ['c', 'a'],
    item: ['x', 'z'],
    kind: ['buy', 'buy'],
    weight: [3, 4],
  });
  const { log, part } = joinParts({ train, validation });
  expect([...log.user].map((user) => log.users.nameOf(user))).toEqual(['a', 'a', 'b', 'c']);
  expect([...log.item].map((item) => log.items.nameOf(item))).toEqual(['x', 'z', 'y', 'x']);
  expect([...log.weight!]).toEqual([1, 4, 2, 3]);
  expect(log.kind).toEqual({ names: ['view', 'buy'], codes: Int32Array.of(0, 1, 1, 1) });
  expect([...part]).toEqual([0, 1, 0, 1]);
  expect(log.time).toBeUndefined();
});

test('parts of several files keep the columns that all have, each value with its row', () => {
  const part = (label: string, users: string[], own: Partial<InteractionArrays>) =>
    encodeInteractions({
      user: users,
      item: users.map((_, row) => `${label}${row}`),
      time: users.map((_, row) => users.length - row),
      rating: users.map((_, row) => row + 0.5),
      more: { label: users.map((user, row) => `${user} ${label}${row}`), own: users },
      ...own,
    });
  const { log, part: parts } = joinParts({
    train: part('t', ['a', 'b', 'a', 'c'], { numbers: { n: [0, 1, 2, 3], left: [0, 0, 0, 0] } }),
    validation: part('v', ['d', 'a'], { numbers: { n: [0, 1] }, weight: [1, 2] }),
    test: part('e', ['a', 'a', 'd'], {
      numbers: { n: [0, 1, 2] },
      more: { label: ['a e0', 'a e1', 'd e2'] },
    }),
  });
  expect([...log.user]).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 3]);
  expect([...parts]).toEqual([0, 0, 1, 2, 2, 0, 0, 1, 2]);
  const labels = [...log.user].map(
    (user, row) => `${log.users.nameOf(user)} ${log.items.nameOf(log.item[row])}`,
  );
  expect(log.more).toEqual({ label: labels });
  const place = labels.map((label) => Number(label.at(-1)));
  expect([...log.rating!]).toEqual(place.map((own) => own + 0.5));
  expect(log.numbers).toEqual({ n: Float64Array.from(place) });
  expect([...log.time!]).toEqual([2, 4, 1, 2, 3, 3, 1, 2, 1]);
  expect([log.weight, log.kind]).toEqual([undefined, undefined]);
});
