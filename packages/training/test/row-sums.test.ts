import { expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { adamSettings, EmbeddingTable } from '../src/index.js';
import { featureRows, sharedRows } from '../src/tables/input-rows.js';
import { RowSums } from '../src/tables/row-sums.js';

test('gradients of rows that come twice are summed, batch after batch', () => {
  const rng = new Rng(1);
  const sums = new RowSums(10, 3);
  for (const count of [5, 12, 1]) {
    const keys = Int32Array.from({ length: count }, () => rng.integer(10));
    const gradient = Float32Array.from({ length: count * 3 }, () => rng.integer(100));
    sums.add(keys, count, gradient);
    const expected = new Map<number, number[]>();
    keys.forEach((key, row) => {
      const sum = expected.get(key) ?? [0, 0, 0];
      expected.set(
        key,
        sum.map((x, i) => x + gradient[row * 3 + i]),
      );
    });
    expect([...sums.rows.subarray(0, sums.count)]).toEqual([...expected.keys()]);
    expect([...sums.values.subarray(0, sums.count * 3)]).toEqual([...expected.values()].flat());
  }
});

test('a category row shared by entities moves once, by the summed gradient', () => {
  const settings = adamSettings();
  const table = new EmbeddingTable(3, 1);
  const rows = sharedRows(table, Int32Array.of(2, 0, 2));
  const out = new Float32Array(3);
  table.values.set([5, 6, 7]);
  rows.gather(Int32Array.of(0, 1, 2), 3, out);
  expect([...out]).toEqual([7, 5, 7]);
  rows.update!(Int32Array.of(0, 1, 2), 3, Float32Array.of(1, 2, 3), 1, 0.1, settings);
  const alone = new EmbeddingTable(3, 1, Float32Array.of(5, 6, 7));
  alone.update(Int32Array.of(2, 0), 2, Float32Array.of(4, 2), 1, 0.1, settings);
  expect(table.values).toEqual(alone.values);
});

test('features are gathered, not trained', () => {
  const rows = featureRows(new Matrix(2, 2, Float32Array.of(1, 2, 3, 4)));
  const out = new Float32Array(4);
  rows.gather(Int32Array.of(1, 1), 2, out);
  expect([...out]).toEqual([3, 4, 3, 4]);
  expect(rows.update).toBeUndefined();
});
