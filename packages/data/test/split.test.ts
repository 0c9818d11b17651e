import { describe, expect, test } from '@jest/globals';
import { Rng, type CsrMatrix } from '@towerkit/core';

import {
  encodeInteractions,
  leakageReport,
  leaveLastOut,
  leaveLastTwoOut,
  presplit,
  randomSplit,
  splitBy,
  temporalSplit,
  type InteractionLog,
  type Split,
} from '../src/index.js';
import { randomLog } from './random-log.js';

const seeds = Array.from({ length: 25 }, (_, seed) => seed);
const logOf = (seed: number) => randomLog(seed, 60, 20, 15);

/** Row numbers of each part by a rule on one user's rows. */
function naive(log: InteractionLog, partOf: (row: number, place: number, length: number) => string) {
  const parts: Record<string, number[][]> = {};
  for (const part of ['train', 'validation', 'test']) parts[part] = log.users.names.map(() => []);
  for (let user = 0; user < log.users.size; user++) {
    const rows = [...log.user.keys()].filter((row) => log.user[row] === user);
    rows.forEach((row, place) => parts[partOf(row, place, rows.length)][user].push(row));
  }
  return parts;
}

function check(log: InteractionLog, split: Split, expected: Record<string, number[][]>) {
  for (const part of ['train', 'validation', 'test'] as const) {
    const matrix = split[part];
    if (matrix === undefined) {
      expect(expected[part].flat()).toEqual([]);
      continue;
    }
    expect([matrix.rows, matrix.cols]).toEqual([log.users.size, log.items.size]);
    expect([...split.rows![part]!]).toEqual(expected[part].flat());
    for (let user = 0; user < matrix.rows; user++)
      expect([...matrix.row(user)]).toEqual(expected[part][user].map((row) => log.item[row]));
    expect([...matrix.values!]).toEqual(expected[part].flat().map((row) => log.rating![row]));
  }
}

describe('splits against naive oracles', () => {
  test('leaveLastOut', () => {
    for (const seed of seeds)
      check(
        logOf(seed),
        leaveLastOut(logOf(seed)),
        naive(logOf(seed), (_, place, length) =>
          length > 1 && place === length - 1 ? 'validation' : 'train',
        ),
      );
  });

  test('leaveLastTwoOut', () => {
    for (const seed of seeds)
      check(
        logOf(seed),
        leaveLastTwoOut(logOf(seed)),
        naive(logOf(seed), (_, place, length) =>
          length < 3 ? 'train' : (['test', 'validation'][length - 1 - place] ?? 'train'),
        ),
      );
  });

  test('temporalSplit', () => {
    for (const seed of seeds) {
      const log = logOf(seed);
      const time = log.time!;
      check(
        log,
        temporalSplit(log, { validation: 3, test: 5 }),
        naive(log, (row) => (time[row] < 3 ? 'train' : time[row] < 5 ? 'validation' : 'test')),
      );
      check(
        log,
        temporalSplit(log, { validation: 4 }),
        naive(log, (row) => (time[row] < 4 ? 'train' : 'validation')),
      );
    }
  });

  test('randomSplit partitions the rows, by its seed', () => {
    const log = randomLog(3, 1000, 50, 30);
    const split = randomSplit(log, { validation: 0.2, test: 0.1 }, new Rng(1));
    const { train, validation, test } = split.rows!;
    expect([train.length, validation.length, test!.length]).toEqual([700, 200, 100]);
    expect([...train, ...validation, ...test!].sort((a, b) => a - b)).toEqual([...log.user.keys()]);
    const sets = [new Set(validation), new Set(test)];
    check(
      log,
      split,
      naive(log, (row) => (sets[0].has(row) ? 'validation' : sets[1].has(row) ? 'test' : 'train')),
    );
    expect(randomSplit(log, { validation: 0.2, test: 0.1 }, new Rng(1))).toEqual(split);
    expect(randomSplit(log, { validation: 0.2 }, new Rng(2)).rows!.validation).not.toEqual(validation);
    expect(randomSplit(log, { validation: 0.2 }, new Rng(2)).test).toBeUndefined();
  });
});

test('an empty part is an error', () => {
  const log = encodeInteractions({ user: ['a', 'b'], item: ['x', 'y'], time: [1, 2] });
  const empty = (split: () => unknown, code = 'EMPTY_SPLIT') =>
    expect(split).toThrow(expect.objectContaining({ code }));
  empty(() => leaveLastOut(log));
  empty(() => leaveLastTwoOut(log));
  empty(() => temporalSplit(log, { validation: 9 }));
  empty(() => temporalSplit(log, { validation: 0 }));
  empty(() => temporalSplit(log, { validation: 2, test: 9 }));
  empty(() => randomSplit(log, { validation: 0.1 }, new Rng(0)));
  empty(() => randomSplit(log, { validation: 1 }, new Rng(0)), 'BAD_OPTION');
  empty(() => temporalSplit(log, { validation: 2, test: 2 }), 'BAD_OPTION');
  empty(() => temporalSplit({ ...log, time: undefined }, { validation: 2 }), 'MISSING_COLUMN');
  empty(() => splitBy(log, new Uint8Array(3)), 'SHAPE_MISMATCH');
});

describe('leakageReport', () => {
  test('by hand', () => {
    // ann: x(1) y(2) x(3); bo: y(1) z(5); cy: x(9)
    const log = encodeInteractions({
      user: ['ann', 'ann', 'ann', 'bo', 'bo', 'cy'],
      item: ['x', 'y', 'x', 'y', 'z', 'x'],
      time: [1, 2, 3, 1, 5, 9],
    });
    expect(leakageReport(leaveLastOut(log), log).validation).toEqual({
      targets: 2,
      users: 2,
      targetsEarlierThanHistory: 0,
      repeats: 1,
      unknownItems: 1,
      unknownUsers: 0,
    });
    // The first rows as targets, the rest as history.
    const backwards = splitBy(log, Uint8Array.of(1, 0, 0, 1, 0, 1));
    expect(leakageReport(backwards, log).validation).toEqual({
      targets: 3,
      users: 3,
      targetsEarlierThanHistory: 2,
      repeats: 1,
      unknownItems: 0,
      unknownUsers: 1,
    });
    expect(leakageReport({ ...backwards, rows: undefined }, log).validation).toMatchObject({
      targetsEarlierThanHistory: undefined,
      repeats: 1,
    });
  });

  test('a tie in time is not earlier', () => {
    const log = encodeInteractions({ user: ['a', 'a', 'a'], item: ['x', 'y', 'z'], time: [4, 4, 1] });
    const report = leakageReport(splitBy(log, Uint8Array.of(1, 1, 0)), log); // targets z(1), x(4); history y(4)
    expect(report.validation.targetsEarlierThanHistory).toBe(1);
  });

  test('against a naive oracle, random splits with a test part', () => {
    for (const seed of seeds) {
      const log = logOf(seed);
      const split = randomSplit(log, { validation: 0.3, test: 0.2 }, new Rng(seed));
      const { train, validation, test } = split.rows!;
      const report = leakageReport(split, log);
      const oracle = (targets: Int32Array, history: number[]) => {
        const own = (row: number) => history.filter((other) => log.user[other] === log.user[row]);
        const all = [...targets];
        const trained = (ids: Int32Array, id: number) => [...train].some((row) => ids[row] === id);
        const users = [...new Set(all.map((row) => log.user[row]))];
        return {
          targets: all.length,
          users: users.length,
          targetsEarlierThanHistory: all.filter((row) =>
            own(row).some((other) => log.time![other] > log.time![row]),
          ).length,
          repeats: all.filter((row) => own(row).some((other) => log.item[other] === log.item[row])).length,
          unknownItems: all.filter((row) => !trained(log.item, log.item[row])).length,
          unknownUsers: users.filter((user) => !trained(log.user, user)).length,
        };
      };
      expect(report.validation).toEqual(oracle(validation, [...train]));
      expect(report.test).toEqual(oracle(test!, [...train, ...validation]));
    }
  });
});

test('rows of a split stay aligned with its matrices', () => {
  const log = logOf(7);
  const split = leaveLastOut(log);
  const aligned = (matrix: CsrMatrix, rows: Int32Array) =>
    expect([...matrix.indices]).toEqual(Array.from(rows, (row) => log.item[row]));
  aligned(split.train, split.rows!.train);
  aligned(split.validation, split.rows!.validation);
});

describe('parts that came as files of their own', () => {
  const log = (pairs: string[], rating?: number[]) =>
    encodeInteractions({
      user: pairs.map((pair) => pair.split(' ')[0]),
      item: pairs.map((pair) => pair.split(' ')[1]),
      rating,
    });
  const named = ({ users, items }: InteractionLog, matrix: CsrMatrix) =>
    users.names.map((name, user) => [name, ...Array.from(matrix.row(user), (item) => items.nameOf(item))]);

  test('share one set of ids, the training part first', () => {
    const { log: all, split } = presplit({
      train: log(['ann x', 'bo y', 'ann y', 'cy x']),
      validation: log(['bo z', 'dee x', 'ann z']),
      test: log(['cy w']),
    });
    expect(all.users.names).toEqual(['ann', 'bo', 'cy', 'dee']);
    expect(all.items.names).toEqual(['x', 'y', 'z', 'w']);
    expect(named(all, split.train)).toEqual([['ann', 'x', 'y'], ['bo', 'y'], ['cy', 'x'], ['dee']]);
    expect(named(all, split.validation)).toEqual([['ann', 'z'], ['bo', 'z'], ['cy'], ['dee', 'x']]);
    expect(named(all, split.test!)).toEqual([['ann'], ['bo'], ['cy', 'w'], ['dee']]);
    expect([...all.user]).toEqual([0, 0, 0, 1, 1, 2, 2, 3]);
    expect([...all.item]).toEqual([0, 1, 2, 1, 2, 0, 3, 0]);
    expect(leakageReport(split, all).validation).toMatchObject({
      targets: 3,
      unknownItems: 2,
      unknownUsers: 1,
    });
  });

  test('keep their ratings where all have them', () => {
    const train = log(['ann x', 'bo y'], [1, 2]);
    const { log: all, split } = presplit({ train, validation: log(['ann y'], [3]) });
    expect([...all.rating!]).toEqual([1, 3, 2]);
    expect([...split.validation.values!]).toEqual([3]);
    expect(presplit({ train, validation: log(['ann y']) }).log.rating).toBeUndefined();
  });
});
