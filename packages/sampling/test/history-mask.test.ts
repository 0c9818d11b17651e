import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import { candidateStream, HistoryMask, uniform } from '../src/index.js';

const refusal = (code: string) => expect.objectContaining({ code });

describe('HistoryMask', () => {
  test('a case worked by hand', () => {
    const histories = CsrMatrix.fromPairs(2, 6, [0, 0, 0, 0, 1], [5, 2, 5, 1, 2]);
    const mask = new HistoryMask(histories);
    const batch = {
      users: Int32Array.of(0, 0, 1),
      rows: 3,
      positions: Int32Array.of(0, 1, 1),
      columnOf: Int32Array.of(-1, -1, 1, 2, -1, 0), // candidates: items 5, 2, 3
      out: new Int32Array(8).fill(-7),
    };
    expect(mask.bound(batch.users, 3)).toBe(7);
    expect(mask.pairs(batch)).toBe(2);
    expect([...batch.out]).toEqual([0, 1, 1, 0, -7, -7, -7, -7]);
  });

  test('equals a dense mask made the plain way, on random batches', () => {
    const rng = new Rng(1);
    for (let round = 0; round < 200; round++) {
      const [users, items, rows] = [1 + rng.integer(6), 1 + rng.integer(20), rng.integer(25)];
      const entries = rng.integer(60);
      const draw = (bound: number, length: number) => Int32Array.from({ length }, () => rng.integer(bound));
      const histories = CsrMatrix.fromPairs(users, items, draw(users, entries), draw(items, entries));
      const candidates = rng
        .shuffle(Array.from({ length: items }, (_, item) => item))
        .slice(0, 1 + rng.integer(items));
      const columnOf = new Int32Array(items).fill(-1);
      candidates.forEach((item, column) => (columnOf[item] = column));
      const userOf = draw(users, rows);
      if (round % 2) userOf.sort();
      const positions = draw(candidates.length, rows);

      const expected: number[][] = [];
      for (let row = 0; row < rows; row++)
        candidates.forEach((item, column) => {
          if (histories.row(userOf[row]).includes(item) && column !== positions[row])
            expected.push([row, column]);
        });

      const mask = new HistoryMask(histories);
      const out = new Int32Array(2 * mask.bound(userOf, rows));
      const count = mask.pairs({ users: userOf, rows, positions, columnOf, out });
      const got = Array.from({ length: count }, (_, n) => [out[2 * n], out[2 * n + 1]]);
      expect(got.map(([row]) => row)).toEqual(expected.map(([row]) => row));
      const byBoth = (a: number[], b: number[]) => a[0] - b[0] || a[1] - b[1];
      expect(got.sort(byBoth)).toEqual(expected.sort(byBoth));
      const exact = { users: userOf, rows, positions, columnOf, out: new Int32Array(2 * count) };
      expect(mask.pairs(exact)).toBe(count);
    }
  });

  test('refuses too little room, unknown users and lookups that are too short', () => {
    const mask = new HistoryMask(CsrMatrix.fromPairs(1, 3, [0, 0], [0, 1]));
    const batch = {
      users: Int32Array.of(0),
      rows: 1,
      positions: Int32Array.of(2),
      columnOf: Int32Array.of(0, 1, 2),
      out: new Int32Array(4),
    };
    expect(mask.pairs(batch)).toBe(2);
    expect(() => mask.pairs({ ...batch, out: new Int32Array(3) })).toThrow(refusal('CAPACITY'));
    expect(() => mask.pairs({ ...batch, users: Int32Array.of(1) })).toThrow(refusal('OUT_OF_RANGE'));
    expect(() => mask.pairs({ ...batch, users: Int32Array.of(-1) })).toThrow(refusal('OUT_OF_RANGE'));
    expect(() => mask.pairs({ ...batch, rows: 2 })).toThrow(refusal('SHAPE_MISMATCH'));
    expect(() => mask.pairs({ ...batch, columnOf: Int32Array.of(0) })).toThrow(refusal('SHAPE_MISMATCH'));
  });
});

describe('candidateStream', () => {
  const rng = new Rng(3);
  const entries = 300;
  const histories = CsrMatrix.fromPairs(
    40,
    50,
    Array.from({ length: entries }, () => rng.integer(40)),
    Array.from({ length: entries }, () => rng.integer(50)),
  );
  const options = { histories, proposals: [{ proposal: uniform(50), count: 16 }], batchSize: 64 };

  test('batches whose masked candidates are just the other items of the row’s user', () => {
    let examples = 0;
    for (const batch of candidateStream({ ...options, rng: new Rng(4) })) {
      examples += batch.users.length;
      expect(batch.logQ.length).toBe(batch.items.length);
      const masked = new Set<string>();
      for (let n = 0; n < batch.mask.length; n += 2) masked.add(`${batch.mask[n]} ${batch.mask[n + 1]}`);
      expect(masked.size).toBe(batch.mask.length / 2);
      batch.users.forEach((user, row) => {
        expect(batch.items[batch.positions[row]]).toBe(batch.positives[row]);
        batch.items.forEach((item, column) => {
          const own = column === batch.positions[row];
          expect(masked.has(`${row} ${column}`)).toBe(histories.row(user).includes(item) && !own);
        });
      });
    }
    expect(examples).toBe(entries);
  });

  test('is seeded', () => {
    const run = (seed: number) => JSON.stringify([...candidateStream({ ...options, rng: new Rng(seed) })]);
    expect(run(5)).toBe(run(5));
    expect(run(5)).not.toBe(run(6));
  });

  test('refuses proposals over other items', () => {
    const wrong = { ...options, proposals: [{ proposal: uniform(49), count: 1 }], rng: new Rng(1) };
    expect(() => [...candidateStream(wrong)]).toThrow(refusal('SHAPE_MISMATCH'));
  });
});
