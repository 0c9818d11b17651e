import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';

import { createIndex, indexRecall, tune, type VectorIndex } from '../src/index.js';
import { recallOf } from '../src/index-recall.js';
import { clustered } from './suite/vectors.js';

const answer = (...ids: number[]) => ({ ids: Float64Array.from(ids), scores: new Float32Array(ids.length) });

test('recall by hand', () => {
  const wanted = [answer(1, 2, 3, 4), answer(5, 6), answer()];
  expect(recallOf([answer(4, 9, 1, 8), answer(6, 5), answer()], wanted)).toBe(0.75);
  expect(() => recallOf([answer()], [answer()])).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
});

describe('a graph', () => {
  let exact: VectorIndex;
  let hnsw: VectorIndex;
  const [vectors, queries, others] = [clustered(9_000, 16), clustered(200, 16, 2), clustered(200, 16, 3)];
  beforeAll(async () => {
    exact = await createIndex('exact', { dimensions: 16 });
    hnsw = await createIndex('hnsw', { dimensions: 16, connectivity: 8, ef: 10 });
    await Promise.all([exact.build(vectors), hnsw.build(vectors)]);
  });
  afterAll(() => Promise.all([exact.close(), hnsw.close()]));

  test('is tuned to the quickest value that reaches the target', async () => {
    expect(await indexRecall(hnsw, exact, queries, 10)).toBeLessThan(0.97);
    const tuned = await tune(hnsw, { exact, queries, k: 10, target: 0.97 });
    expect(tuned).toMatchObject({ name: 'ef', reached: true });
    expect(tuned.recall).toBeGreaterThanOrEqual(0.97);
    expect(await indexRecall(hnsw, exact, queries, 10)).toBeCloseTo(tuned.recall, 10);
    expect(hnsw.tunable!.value).toBe(tuned.value);
    expect((await hnsw.stats()).settings).toMatchObject({ ef: tuned.value });
    // The value before it was measured, and is not enough.
    const { values } = hnsw.tunable!;
    const before = tuned.tried.find(({ value }) => value === values[values.indexOf(tuned.value!) - 1]);
    expect(before!.recall).toBeLessThan(0.97);
    expect(await indexRecall(hnsw, exact, others, 10)).toBeGreaterThan(0.95);
  });

  test('a target that cannot be reached', async () => {
    const half = await createIndex('exact', { dimensions: 16 });
    await half.build(new Matrix(10, 16, vectors.data.slice(0, 160)), {
      ids: Float64Array.from({ length: 10 }, (_, i) => 1e6 + i),
    });
    const tuned = await tune(hnsw, { exact: half, queries, k: 5, target: 0.5 });
    expect(tuned).toMatchObject({ reached: false, recall: 0, value: hnsw.tunable!.values.at(-1) });
    await half.close();
  });

  test('an exact index has nothing to set', async () => {
    expect(await tune(exact, { exact, queries })).toEqual({ recall: 1, reached: true, tried: [] });
  });

  test('the setting survives a compaction and a failure', async () => {
    await hnsw.tunable!.set(77);
    await hnsw.compact!();
    expect(hnsw.tunable!.value).toBe(77);
    const failing = Object.create(hnsw, {
      searchBatch: { value: () => Promise.reject(new Error('down')) },
      tunable: { get: () => hnsw.tunable },
    }) as VectorIndex;
    await expect(tune(failing, { exact, queries })).rejects.toThrow('down');
    expect(hnsw.tunable!.value).toBe(77);
  });

  test('bad options', async () => {
    for (const options of [{ target: 0 }, { target: 1.1 }, { target: NaN }, { k: 0 }])
      await expect(tune(hnsw, { exact, queries, ...options })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});
