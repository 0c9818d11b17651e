import { describe, expect, test } from '@jest/globals';

import { placeOf, TrafficSplit } from '../src/index.js';

describe('a split', () => {
  test('a place is in the share that holds it, in the order of the arms', () => {
    const split = new TrafficSplit([1, 0, 3]); // bounds .25, .25, 1
    expect([0, 0.2499, 0.25, 0.9999].map((place) => split.armAt(place))).toEqual([0, 0, 2, 2]);
    expect(split.size).toBe(3);
  });

  test('only the ratios count', () => {
    const keys = Array.from({ length: 500 }, (_, n) => `user ${n}`);
    const arms = (shares: number[]) => keys.map((key) => new TrafficSplit(shares).armOf(key));
    expect(arms([90, 10])).toEqual(arms([0.9, 0.1]));
    const second = arms([90, 10]).filter((arm) => arm === 1).length;
    expect(Math.abs(second - 50)).toBeLessThan(4 * Math.sqrt(500 * 0.1 * 0.9));
  });

  test('shares that share out nothing are refused', () => {
    for (const shares of [[], [0, 0], [1, -1], [1, Number.NaN], [1, Infinity]])
      expect(() => new TrafficSplit(shares)).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION', details: { option: 'split' } }),
      );
  });

  // By hand: the first four bytes of the digest of "split:ada" (`printf split:ada | sha256sum`) over 2 ** 32.
  test('the place of a user does not change between releases', () => {
    expect(placeOf('ada')).toBe(0xb8e9dac1 / 2 ** 32);
  });
});

test('places of users are spread evenly, also of those with like ids', () => {
  const counts = new Array<number>(10).fill(0);
  for (let n = 0; n < 10_000; n++) counts[Math.floor(placeOf(`user-${n}`) * 10)]++;
  const chi2 = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chi2).toBeLessThan(27.9); // 9 degrees of freedom, p = .001
});
