import { afterAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';

import { FlatScan, type ScanResult } from '../../src/index.js';

const rng = new Rng(5);
const normals = (size: number) => Float32Array.from({ length: size }, () => rng.normal());

const opened: FlatScan[] = [];
afterAll(() => Promise.all(opened.map((scan) => scan.close())));

/** A scan of vectors, closed after the tests. */
async function scanOf(
  vectors: Matrix,
  ids: ArrayLike<number>,
  coded = false,
  threads = 2,
): Promise<FlatScan> {
  const scan = new FlatScan({ dimensions: vectors.cols, coded, threads });
  opened.push(scan);
  await scan.append(vectors.data, ids);
  return scan;
}

/** The mask of the slots that are let through. */
function maskOf(slots: number, passes: (slot: number) => boolean): Uint32Array {
  const words = new Uint32Array(Math.ceil(slots / 32));
  for (let slot = 0; slot < slots; slot++) if (passes(slot)) words[slot >>> 5] |= 1 << (slot & 31);
  return words;
}

/** Every product in float64, sorted; equal ones by id. */
function oracle(
  vectors: Matrix,
  ids: ArrayLike<number>,
  query: Float32Array,
  passes: (slot: number) => boolean,
) {
  return Array.from({ length: vectors.rows }, (_, slot) => ({
    slot,
    score: vectors.row(slot).reduce((sum, value, i) => sum + value * query[i], 0),
  }))
    .filter(({ slot }) => passes(slot))
    .sort((a, b) => b.score - a.score || ids[a.slot] - ids[b.slot]);
}

/** Scores of the wanted places, up to rounding, from slots that have them. */
function expectBest(found: ScanResult, wanted: { slot: number; score: number }[], k: number): void {
  const most = Math.min(k, wanted.length);
  expect(found.slots).toHaveLength(most);
  expect(new Set(found.slots).size).toBe(most);
  const scoreOf = new Map(wanted.map(({ slot, score }) => [slot, score]));
  for (let i = 0; i < most; i++) {
    expect(Math.abs(found.scores[i] - wanted[i].score)).toBeLessThan(2e-4);
    expect(Math.abs(found.scores[i] - scoreOf.get(found.slots[i])!)).toBeLessThan(2e-4);
    if (i > 0) expect(found.scores[i]).toBeLessThanOrEqual(found.scores[i - 1]);
  }
}

const all = () => true;

describe.each([
  [1, 50],
  [3, 33],
  [63, 501],
  [64, 1_000],
  [65, 999],
  [384, 2_049],
])('width %i, %i rows', (width, rows) => {
  const vectors = new Matrix(rows, width, normals(rows * width));
  const ids = Float64Array.from({ length: rows }, (_, slot) => 2 ** 40 + 3 * slot);

  test.each([1, 10, 40, 5_000])('the best %i, in float32', async (k) => {
    const scan = await scanOf(vectors, ids);
    for (const passes of [all, (slot: number) => slot % 7 === 3, (slot: number) => slot === rows - 1]) {
      const query = normals(width);
      const found = scan.search(query, k, maskOf(rows, passes));
      expectBest(found, oracle(vectors, ids, query, passes), k);
    }
  });

  test('the best 10 by way of codes', async () => {
    const scan = await scanOf(vectors, ids, true);
    let hits = 0;
    for (let q = 0; q < 20; q++) {
      const query = normals(width);
      const passes = q % 2 === 0 ? all : (slot: number) => slot % 3 !== 1;
      const found = scan.search(query, 10, maskOf(rows, passes));
      const wanted = oracle(vectors, ids, query, passes).slice(0, 10);
      const scoreOf = (slot: number) =>
        vectors.row(slot).reduce((sum, value, i) => sum + value * query[i], 0);
      found.slots.forEach((slot, i) => expect(Math.abs(scoreOf(slot) - found.scores[i])).toBeLessThan(2e-4));
      hits += wanted.filter(({ score }) => score >= found.scores[9] - 2e-4).length;
    }
    expect(hits).toBeGreaterThanOrEqual(199);
  });

  test.each([false, true])('batches on two threads give the same, codes %s', async (coded) => {
    const scan = await scanOf(vectors, ids, coded);
    const queries = new Matrix(37, width, normals(37 * width));
    const mask = maskOf(rows, (slot) => slot % 5 !== 0);
    const batch = await scan.searchBatch(queries, 7, mask);
    expect(batch).toHaveLength(37);
    batch.forEach((found, q) => expect(found).toEqual(scan.search(queries.row(q), 7, mask)));
  });

  test('rescoring gives the same bits', async () => {
    const scan = await scanOf(vectors, ids);
    const query = normals(width);
    const found = scan.search(query, 20, maskOf(rows, all));
    expect(scan.rescore(query, 20, [...found.slots].reverse())).toEqual(found);
    expect(scan.rescore(query, 3, found.slots).slots).toEqual(found.slots.slice(0, 3));
    expect(scan.slice(rows - 3, rows).data).toEqual(vectors.data.slice((rows - 3) * width));
  });
});

describe.each([false, true])('codes %s', (coded) => {
  test('equal scores come in order of id', async () => {
    // The same vector in 100 slots, with ids that fall; and four that are better.
    const vectors = new Matrix(100, 8, new Float32Array(800).fill(0.5));
    for (const slot of [3, 50, 51, 98]) vectors.row(slot).fill(1);
    const ids = Float64Array.from({ length: 100 }, (_, slot) => 1_000 - slot);
    const scan = await scanOf(vectors, ids, coded);
    const { slots } = scan.search(new Float32Array(8).fill(1), 8, maskOf(100, all));
    expect([...slots]).toEqual([98, 51, 50, 3, 99, 97, 96, 95]);
  });

  test('nothing is let through, nothing is there', async () => {
    const vectors = new Matrix(70, 5, normals(350));
    const scan = await scanOf(vectors, vectors.data.subarray(0, 70), coded);
    expect(scan.search(normals(5), 10, new Uint32Array(3)).slots).toHaveLength(0);
    const [none] = await scan.searchBatch(new Matrix(1, 5, normals(5)), 10, new Uint32Array(3));
    expect(none.slots).toHaveLength(0);
    const empty = await scanOf(new Matrix(0, 5), [], coded);
    expect(empty.search(normals(5), 10, new Uint32Array(0)).slots).toHaveLength(0);
    expect(await empty.searchBatch(new Matrix(0, 5), 10, new Uint32Array(0))).toEqual([]);
  });

  test('zeros, and values at the ends of float32', async () => {
    const vectors = new Matrix(4, 2, Float32Array.of(0, 0, 1e-38, 0, -1e16, 1e16, 1e16, 1e16));
    const scan = await scanOf(vectors, [0, 1, 2, 3], coded);
    expect([...scan.search(Float32Array.of(1e16, 1e16), 4, Uint32Array.of(15)).slots]).toEqual([3, 1, 0, 2]);
    expect([...scan.search(Float32Array.of(0, 0), 4, Uint32Array.of(15)).slots]).toEqual([0, 1, 2, 3]);
  });

  test('rows that come later, also while a batch is under way', async () => {
    const vectors = new Matrix(300, 9, normals(2_700));
    const ids = Array.from({ length: 300 }, (_, slot) => slot);
    const whole = await scanOf(vectors, ids, coded);
    const grown = await scanOf(vectors.gather([0]), [0], coded);
    await grown.reserve(200); // and beyond
    const query = normals(9);
    const wanted = grown.search(query, 1, Uint32Array.of(1));
    const batch = grown.searchBatch(new Matrix(1, 9, query), 1, Uint32Array.of(1));
    for (let slot = 1; slot < 300; slot += 13) {
      const some = ids.slice(slot, slot + 13);
      await grown.append(vectors.gather(some).data, some);
    }
    expect(await batch).toEqual([wanted]);
    expect(grown.size).toBe(300);
    expect(grown.search(query, 25, maskOf(300, all))).toEqual(whole.search(query, 25, maskOf(300, all)));
  });
});

test('sizes that do not fit', async () => {
  for (const dimensions of [0, 1.5, 65_537])
    expect(() => new FlatScan({ dimensions })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  const scan = await scanOf(new Matrix(1, 3), [0]);
  await expect(scan.append(new Float32Array(4), [1])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
});
