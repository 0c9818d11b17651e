import { expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';

import { kMeans } from '../src/drivers/ivf/k-means.js';
import { createIndex } from '../src/index.js';
import { conformance } from './suite/conformance.js';
import { clustered } from './suite/vectors.js';

conformance('ivf', { create: (options) => createIndex('ivf', options), recall: 0.98 });

test('k-means: every vector is with its nearest center, on any number of threads the same', async () => {
  const vectors = clustered(3_000, 10);
  const [one, two] = [await kMeans(vectors, 40, 3, 1, {}), await kMeans(vectors, 40, 3, 2, {})];
  expect(two).toEqual(one);
  const { listOf, means } = one;
  const lists = Array.from({ length: 40 }, (_, list) =>
    [...listOf.keys()].filter((row) => listOf[row] === list),
  );
  lists.forEach((rows, list) => {
    const mean = new Float64Array(10);
    for (const row of rows) vectors.row(row).forEach((value, i) => (mean[i] += value / rows.length));
    mean.forEach((value, i) => expect(means.row(list)[i]).toBeCloseTo(value, 5));
  });
  // The vectors are around 50 centers; a list holds a few of those, not all.
  const spread = (rows: number[]) => {
    const list = vectors.gather(rows);
    const sum = new Float64Array(10);
    list.data.forEach((value, i) => (sum[i % 10] += value / rows.length));
    return Math.hypot(...sum);
  };
  const inLists = lists.filter((rows) => rows.length > 0).map(spread);
  expect(inLists.reduce((sum, value) => sum + value, 0) / inLists.length).toBeGreaterThan(
    3 * spread([...listOf.keys()]),
  );
});

test('fewer items than lists, and all alike', async () => {
  const index = await createIndex('ivf', { dimensions: 3, lists: 500 });
  await index.build(new Matrix(2_000, 3, new Float32Array(6_000).fill(1)));
  expect([...(await index.search(Float32Array.of(1, 1, 1), 5)).ids]).toEqual([0, 1, 2, 3, 4]);
  await index.build(new Matrix(2, 3));
  expect((await index.search(Float32Array.of(1, 1, 1), 5)).ids).toHaveLength(2);
  await index.close();
});

test('items that came since the build are found, and built in when they are many', async () => {
  const index = await createIndex('ivf', { dimensions: 8, nprobe: 4 });
  const vectors = clustered(4_000, 8);
  await index.build(vectors);
  const query = clustered(1, 8, 5).data;
  const add = (count: number, first: number) =>
    index.add(
      new Matrix(
        count,
        8,
        new Float32Array(8 * count).map((_, i) => 9 * query[i % 8]),
      ),
      {
        ids: Float64Array.from({ length: count }, (_, i) => first + i),
      },
    );
  await add(3, 10_000);
  expect([...(await index.search(query, 3)).ids]).toEqual([10_000, 10_001, 10_002]);
  const { lists } = (await index.stats()).settings;
  await add(1_200, 20_000);
  expect((await index.stats()).settings.lists).toBeGreaterThan(lists as number);
  expect([...(await index.search(query, 3)).ids].every((id) => id >= 10_000)).toBe(true);
  await index.close();
});
