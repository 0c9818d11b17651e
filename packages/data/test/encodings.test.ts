import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import {
  bucketCount,
  encodeBuckets,
  encodeList,
  encodeNumeric,
  fitBuckets,
  fitList,
  fitNumeric,
  unseenNames,
} from '../src/index.js';

const saved = <T>(encoding: T): T => JSON.parse(JSON.stringify(encoding)) as T;

describe('min-max', () => {
  test('from 0 to 1 over the rows learned from, the mean where missing', () => {
    const values = [2, null, 4, 12, 100];
    const encoding = fitNumeric(values, { scale: 'min-max', rows: [0, 1, 2, 3] });
    expect(encoding).toEqual({ kind: 'numeric', transform: 'none', mean: 2, deviation: 10, fill: 0.4 });
    const { values: scaled, missing } = encodeNumeric(values, saved(encoding));
    [0, 0.4, 0.2, 1, 9.8].forEach((value, row) => expect(scaled[row]).toBeCloseTo(value, 6));
    expect([...missing]).toEqual([0, 1, 0, 0, 0]);
  });

  test('after log1p; of one value, or of none, nothing is divided by 0', () => {
    const encoding = fitNumeric([0, Math.E - 1, Math.E ** 2 - 1], { scale: 'min-max', transform: 'log1p' });
    [0, 0.5, 1].forEach((value, row) =>
      expect(encodeNumeric([0, Math.E - 1, Math.E ** 2 - 1], encoding).values[row]).toBeCloseTo(value, 6),
    );
    expect([...encodeNumeric([7, 8, null], fitNumeric([7, 7], { scale: 'min-max' })).values]).toEqual([
      0, 1, 0,
    ]);
    expect(fitNumeric([null], { scale: 'min-max' })).toMatchObject({ mean: 0, deviation: 1 });
  });
});

describe('buckets', () => {
  test('of about equally many rows: bounds at the quantiles, code 0 for a missing value', () => {
    const values = [5, 1, null, 3, 2, 4, 6, NaN];
    const encoding = fitBuckets(values, { buckets: 3 });
    expect(encoding).toEqual({ kind: 'buckets', bounds: [3, 5] });
    expect(bucketCount(encoding)).toBe(4);
    expect([...encodeBuckets([...values, -9, 2.9, 99], saved(encoding))]).toEqual([
      3, 1, 0, 2, 1, 2, 3, 0, 1, 1, 3,
    ]);
    expect(fitBuckets(values, { buckets: 2, rows: [1, 4] }).bounds).toEqual([2]);
  });

  test('values that many rows share make fewer of them; no value, or one, is a single bucket', () => {
    expect(fitBuckets([0, 0, 0, 0, 0, 1, 2], { buckets: 4 }).bounds).toEqual([1]);
    for (const values of [[], [null], [5, 5, 5]]) {
      const encoding = fitBuckets(values, { buckets: 10 });
      expect(encoding.bounds).toEqual([]);
      expect([...encodeBuckets([5, null], encoding)]).toEqual([1, 0]);
    }
    expect(() => fitBuckets([1], { buckets: 1 })).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });

  test('hold about as many rows each as there are to share: random columns', () => {
    const rng = new Rng(2);
    for (let round = 0; round < 20; round++) {
      const values = Array.from({ length: 50 + rng.integer(200) }, () => rng.normal());
      const buckets = 2 + rng.integer(8);
      const counts = new Array<number>(buckets).fill(0);
      for (const code of encodeBuckets(values, fitBuckets(values, { buckets }))) counts[code - 1]++;
      for (const count of counts) expect(Math.abs(count - values.length / buckets)).toBeLessThanOrEqual(1);
    }
  });
});

describe('lists in a cell', () => {
  const cells = ['Action|Comedy', 'Comedy', null, 'Comedy| Drama |', '', 'Action|Action|War', NaN];

  test('a number for each name that is frequent enough, shared among those of a row or 1 each', () => {
    const mean = fitList(cells, { minCount: 2 });
    expect(mean).toEqual({ kind: 'list', names: ['Comedy', 'Action'], separator: '|', pool: 'mean' });
    const rows = (encoding: typeof mean) => Array.from(encodeList(cells, saved(encoding)).data);
    expect(rows(mean)).toEqual([0.5, 0.5, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    expect(rows({ ...mean, pool: 'sum' })).toEqual([1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0]);
    expect(fitList(cells, { most: 1 }).names).toEqual(['Comedy']);
    expect(fitList(cells, { rows: [5] }).names).toEqual(['Action', 'War']);
    expect([...unseenNames(cells, mean)]).toEqual([
      ['Drama', 1],
      ['War', 1],
    ]);
  });

  test('another separator, and lists as JSON writes them', () => {
    expect(fitList(['a, b', 'b,c|d'], { separator: ',' }).names).toEqual(['b', 'a', 'c|d']);
    expect(fitList(['["a|b","c"]', '["c",null,3]', '[not json|x']).names).toEqual([
      'c',
      '3',
      '[not json',
      'a|b',
      'x',
    ]);
    for (const options of [{ minCount: 0 }, { most: 0 }])
      expect(() => fitList(cells, options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
  });
});
