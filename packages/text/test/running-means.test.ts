import { describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { runningMean, RunningMeans } from '../src/index.js';

describe('RunningMeans', () => {
  test('says before each row what runningMean says of it', () => {
    const rng = new Rng(1);
    const [rows, cols] = [60, 4];
    const x = new Matrix(
      rows,
      cols,
      Float32Array.from({ length: rows * cols }, () => rng.normal()),
    );
    const users = Int32Array.from({ length: rows }, () => rng.integer(6) - 1);
    const order = rng.shuffle(Int32Array.from({ length: rows }, (_, row) => row));
    const expected = runningMean(x, users, order, { anonymous: [3] });
    const means = new RunningMeans(cols, [3]);
    const seen = new Map<number, number>();
    order.forEach((row, place) => {
      expect([...means.write(users[row], new Float32Array(cols))]).toEqual([...expected.row(row)]);
      const isNobody = users[row] === -1 || users[row] === 3;
      expect(means.count(users[row])).toBe(isNobody ? place : (seen.get(users[row]) ?? 0));
      means.add(users[row], x.row(row));
      seen.set(users[row], (seen.get(users[row]) ?? 0) + 1);
    });
  });

  test('leaves what it has no mean for as it is', () => {
    const out = Float32Array.of(7, 7);
    expect(new RunningMeans(2).write(5, out)).toBe(out);
    expect([...out]).toEqual([7, 7]);
  });
});
