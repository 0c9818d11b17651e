import { afterAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { ListScan } from '../../src/index.js';

const rng = new Rng(9);
const normals = (rows: number, cols: number) =>
  new Matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => rng.normal()),
  );
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

const opened: ListScan[] = [];
afterAll(() => Promise.all(opened.map((scan) => scan.close())));
const keep = (scan: ListScan) => {
  opened.push(scan);
  return scan;
};

describe.each([
  [1, 40],
  [3, 100],
  [64, 700],
  [65, 333],
  [384, 90],
])('width %i, %i rows', (width, rows) => {
  const vectors = normals(rows, width);
  const means = normals(13, width);
  // List 5 is empty; the others have lengths of all remainders by four.
  const listOf = Int32Array.from({ length: rows }, () => rng.integer(13)).map((list) =>
    list === 5 ? 6 : list,
  );
  const queries = normals(40, width);

  test('the best rows of the lists with the best means', async () => {
    const scan = keep(await ListScan.build(vectors, listOf, means, 2));
    let [hits, most] = [0, 0];
    for (let q = 0; q < queries.rows; q++) {
      const query = queries.row(q);
      const probes = 1 + (q % 13);
      const order = Array.from({ length: 13 }, (_, list) => list).sort(
        (a, b) => dot(means.row(b), query) - dot(means.row(a), query),
      );
      const probed = new Set(order.slice(0, probes));
      const wanted = Array.from(listOf.keys())
        .filter((slot) => probed.has(listOf[slot]))
        .sort((a, b) => dot(vectors.row(b), query) - dot(vectors.row(a), query));
      const { slots } = scan.search(query, 20, probes);
      expect(slots).toHaveLength(Math.min(20, wanted.length));
      expect(new Set(slots).size).toBe(slots.length);
      for (const slot of slots) expect(probed.has(listOf[slot])).toBe(true);
      // Codes change places; the true best ten are among the twenty.
      hits += wanted.slice(0, 10).filter((slot) => slots.includes(slot)).length;
      most += Math.min(10, wanted.length);
    }
    expect(hits / most).toBeGreaterThan(0.995);
  });

  test('batches on two threads give the same, and so do stored lists', async () => {
    const scan = keep(await ListScan.build(vectors, listOf, means, 2));
    const again = keep(await ListScan.from(scan.stored(), 1));
    for (const [k, probes] of [
      [7, 3],
      [rows, 13],
      [1, 100],
    ]) {
      const batch = await scan.searchBatch(queries, k, probes);
      expect(batch).toHaveLength(queries.rows);
      batch.forEach((found, q) => {
        expect(found).toEqual(scan.search(queries.row(q), k, probes));
        expect(again.search(queries.row(q), k, probes)).toEqual(found);
      });
    }
  });
});

test('all rows of all lists, equal ones in order of slot', async () => {
  const same = new Matrix(10, 2, new Float32Array(20).fill(-1)); // what fills lists up would score higher
  const means = new Matrix(3, 2, Float32Array.of(1, 0, 0, 1, 1, 1));
  const scan = keep(await ListScan.build(same, Int32Array.of(2, 1, 0, 2, 2, 1, 2, 2, 0, 2), means));
  expect([...scan.search(Float32Array.of(1, 1), 50, 3).slots]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...scan.search(Float32Array.of(1, 1), 3, 1).slots]).toEqual([0, 3, 4]);
});

test('parts that do not go together', async () => {
  const scan = keep(await ListScan.build(normals(9, 4), new Int32Array(9), normals(2, 4)));
  const stored = scan.stored();
  for (const part of [
    { starts: stored.starts.slice(1) },
    { starts: Int32Array.of(0, 11, 12) },
    { slots: stored.slots.slice(1) },
    { codes: stored.codes.slice(1) },
    { scales: new Float32Array(1) },
  ])
    await expect(ListScan.from({ ...stored, ...part })).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  await expect(ListScan.build(normals(2, 4), new Int32Array(3), normals(2, 4))).rejects.toMatchObject({
    code: 'SHAPE_MISMATCH',
  });
});
