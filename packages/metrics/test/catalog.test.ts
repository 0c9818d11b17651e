import { describe, expect, test } from '@jest/globals';

import { cosineDistance, coverage, diversity, exposure, gini, novelty } from '../src/index.js';
import { below, coded, random } from './support.js';

describe('beyond accuracy', () => {
  test('exposure and coverage count items, empty places apart', () => {
    const recommended = Int32Array.of(0, 2, 2, -1, 0, 2);
    expect([...exposure(recommended, 4)]).toEqual([2, 0, 3, 0]);
    expect(coverage(recommended, 4)).toBe(0.5);
    expect(() => coverage([4], 4)).toThrow(coded('BAD_ITEM'));
    expect(() => coverage([-2], 4)).toThrow(coded('BAD_ITEM'));
    expect(() => coverage([], 0)).toThrow(coded('BAD_OPTION'));
  });

  test('novelty is the mean self-information in bits', () => {
    expect(novelty([0, 1], [8, 2], 8)).toBe((0 + 2) / 2);
    expect(novelty([2, -1], [8, 2, 0], 8)).toBe(3); // nobody had it: as if one had
    expect(() => novelty([-1], [1], 8)).toThrow(coded('NO_USERS'));
    expect(() => novelty([0], [9], 8)).toThrow(coded('BAD_COUNTS'));
    expect(() => novelty([1], [9], 8)).toThrow(coded('BAD_ITEM'));
  });

  test('Gini: equal shares, one owner, a worked value, and half the relative mean difference', () => {
    expect(gini([3, 3, 3, 3])).toBe(0);
    expect(gini([0, 0, 0, 7])).toBe(0.75);
    expect(gini([1, 3])).toBe(0.25);
    const uniform = random(3);
    const x = Array.from({ length: 40 }, () => below(uniform, 20));
    const total = x.reduce((a, b) => a + b);
    const pairs = x.flatMap((a) => x.map((b) => Math.abs(a - b))).reduce((a, b) => a + b);
    expect(gini(x)).toBeCloseTo(pairs / (2 * x.length * total), 12);
    for (const counts of [[], [0, 0], [-1, 2]]) expect(() => gini(counts)).toThrow(coded('BAD_COUNTS'));
  });

  test('diversity is the mean pairwise distance', () => {
    const vectors = { rows: 4, cols: 2, data: Float32Array.of(1, 0, 0, 2, -3, 0, 0, 0) };
    const distance = cosineDistance(vectors);
    expect(distance(0, 1)).toBe(1);
    expect(distance(0, 2)).toBe(2);
    expect(distance(0, 0)).toBe(0);
    expect(distance(0, 3)).toBe(1);
    expect(diversity([0, 1, 2], distance)).toBeCloseTo((1 + 2 + 1) / 3, 14);
    expect(diversity([0, -1], distance)).toBe(0);
    expect(() => diversity([0, 4], distance)).toThrow(coded('BAD_ITEM'));
    expect(() => cosineDistance({ rows: 2, cols: 2, data: [1] })).toThrow(coded('SHAPE_MISMATCH'));
  });
});
