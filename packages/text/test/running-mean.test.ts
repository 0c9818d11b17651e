import { describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { runningMean } from '../src/index.js';

interface Events {
  readonly x: Matrix;
  readonly users: Int32Array;
  readonly order: Int32Array;
}

function draw(rng: Rng, rows: number, cols = 3): Events {
  const x = new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  // -1 is nobody, 4 a shared account.
  return { x, users: Int32Array.from({ length: rows }, () => rng.integer(7) - 1), order };
}

const anonymous = [4];

/** By the definition: O(rows^2). */
function naive({ x, users, order }: Events): number[] {
  const nobody = (user: number) => user === -1 || anonymous.includes(user);
  const out = new Array<number>(x.data.length).fill(0);
  order.forEach((row, place) => {
    const earlier = [...order.subarray(0, place)].filter(
      (s) => nobody(users[row]) || users[s] === users[row],
    );
    for (let c = 0; c < x.cols && earlier.length > 0; c++)
      out[row * x.cols + c] = earlier.reduce((sum, s) => sum + x.row(s)[c], 0) / earlier.length;
  });
  return out;
}

const of = ({ x, users, order }: Events) => runningMean(x, users, order, { anonymous }).data;

test('worked by hand', () => {
  const x = new Matrix(5, 1, Float32Array.of(2, 4, 6, 10, 1));
  // In the order of rows 4, 0, 1, 2, 3: nobody has the mean of all before.
  expect([...runningMean(x, [7, -1, 7, 8, -1], [4, 0, 1, 2, 3]).data]).toEqual([0, 1.5, 2, 0, 0]);
});

test('equals its definition', () => {
  for (let seed = 0; seed < 40; seed++) {
    const events = draw(new Rng(seed), 1 + (seed % 25));
    const expected = naive(events);
    of(events).forEach((value, k) => expect(value).toBeCloseTo(expected[k], 5));
  }
});

test('a later row never changes an earlier output', () => {
  for (let seed = 0; seed < 60; seed++) {
    const rng = new Rng(1000 + seed);
    const events = draw(rng, 2 + rng.integer(25));
    const before = of(events);
    const place = rng.integer(events.order.length);
    // From `place` on everything becomes something else: vectors, users, and how many rows there are.
    const [x, users] = [
      new Matrix(events.x.rows, events.x.cols, events.x.data.slice()),
      events.users.slice(),
    ];
    for (const row of events.order.subarray(place)) {
      x.row(row).forEach((_, c, vector) => (vector[c] = 1000 * rng.normal()));
      if (row !== events.order[place]) users[row] = rng.integer(7) - 1;
    }
    const order = events.order.slice(0, Math.max(place + 1, events.order.length - rng.integer(3)));
    const after = of({ x, users, order });
    for (const row of events.order.subarray(0, place + 1))
      expect([...after.subarray(3 * row, 3 * row + 3)]).toEqual([...before.subarray(3 * row, 3 * row + 3)]);
  }
});

test('rows that are not in the order have zeros and are not counted', () => {
  const x = new Matrix(3, 1, Float32Array.of(2, NaN, 6));
  expect([...runningMean(x, [1, 1, 1], [0, 2]).data]).toEqual([0, 0, 2]);
});

test('nothing in, nothing out', () => {
  expect(runningMean(new Matrix(0, 3), [], []).rows).toBe(0);
});

describe('bad input', () => {
  const x = new Matrix(2, 2, Float32Array.of(1, 2, 3, NaN));
  test.each([
    ['SHAPE_MISMATCH', [1], [0, 1]],
    ['BAD_ORDER', [1, 1], [0, 2]],
    ['BAD_ORDER', [1, 1], [0, 0.5]],
    ['BAD_ORDER', [1, 1], [0, 0]],
    ['BAD_VALUE', [-2, 1], [0]],
    ['BAD_VALUE', [0.5, 1], [0]],
    ['BAD_VALUE', [0, 0], [0, 1]],
  ])('%s: users %p, order %p', (code, users, order) => {
    expect(() => runningMean(x, users, order)).toThrow(expect.objectContaining({ code }));
  });
});
