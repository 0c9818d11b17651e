import { describe, expect, test } from '@jest/globals';

import {
  auc,
  aucFromRanks,
  averagePrecision,
  averagePrecisionFromRanks,
  cappedRecall,
  cappedRecallFromRanks,
  exponentialGain,
  gradedNdcg,
  hitRate,
  hitRateFromRanks,
  ndcg,
  ndcgFromRanks,
  precision,
  precisionFromRanks,
  recall,
  recallFromRanks,
  reciprocalRank,
  reciprocalRankFromRanks,
} from '../src/index.js';
import { below, coded, random } from './support.js';

const RANKED = [4, 9, 2, 7, 1];
const RELEVANT = [9, 7, 30]; // ranks 2 and 4; 30 is not listed

describe('values worked by hand', () => {
  test('hit rate', () => {
    expect(hitRate(RANKED, RELEVANT, 1)).toBe(0);
    expect(hitRate(RANKED, RELEVANT, 2)).toBe(1);
    expect(hitRate(RANKED, new Set([30]), 100)).toBe(0);
  });

  test('recall divides by all relevant items, capped recall by no more than k', () => {
    expect(recall(RANKED, RELEVANT, 2)).toBeCloseTo(1 / 3, 15);
    expect(cappedRecall(RANKED, RELEVANT, 2)).toBe(1 / 2);
    expect(recall(RANKED, RELEVANT, 5)).toBeCloseTo(2 / 3, 15);
    expect(cappedRecall(RANKED, RELEVANT, 5)).toBeCloseTo(2 / 3, 15);
    expect(recall(RANKED, RANKED, 2)).toBe(2 / 5);
    expect(cappedRecall(RANKED, RANKED, 2)).toBe(1);
  });

  test('precision divides by k, also when the list is shorter', () => {
    expect(precision(RANKED, RELEVANT, 4)).toBe(0.5);
    expect(precision(RANKED, RELEVANT, 10)).toBe(0.2);
  });

  test('reciprocal rank', () => {
    expect(reciprocalRank(RANKED, RELEVANT)).toBe(0.5);
    expect(reciprocalRank(RANKED, RELEVANT, 1)).toBe(0);
    expect(reciprocalRank(RANKED, [30])).toBe(0);
  });

  test('average precision: (1/2 + 2/4) / min(k, 3)', () => {
    expect(averagePrecision(RANKED, RELEVANT)).toBeCloseTo(1 / 3, 15);
    expect(averagePrecision(RANKED, RELEVANT, 5)).toBeCloseTo(1 / 3, 15);
    expect(averagePrecision(RANKED, RELEVANT, 2)).toBe(0.25);
    expect(averagePrecision(RANKED, [4, 9], 2)).toBe(1);
  });

  test('NDCG: discounts at ranks 2 and 4 over the ideal 1, 2, 3', () => {
    const at = (rank: number) => Math.LN2 / Math.log(rank + 1);
    expect(ndcg(RANKED, RELEVANT, 5)).toBeCloseTo((at(2) + at(4)) / (at(1) + at(2) + at(3)), 14);
    expect(ndcg(RANKED, RELEVANT, 2)).toBeCloseTo(at(2) / (at(1) + at(2)), 14);
    expect(ndcg(RANKED, [9], 10)).toBeCloseTo(0.6309297535714575, 14);
    expect(ndcg(RANKED, [4, 9, 2], 3)).toBe(1);
  });

  test('graded NDCG, linear and exponential gains', () => {
    // Gains 3, 2, 3, 0, 1, 2 in list order; 3 and 2 more are judged but not listed (the example of many texts).
    const list = [1, 2, 3, 4, 5, 6];
    const grades = new Map([3, 2, 3, 0, 1, 2, 3, 2].map((grade, i) => [i + 1, grade]));
    expect(gradedNdcg(list, grades, 6)).toBeCloseTo(6.861126688593501 / 8.740262365546284, 9);
    const grade2 = new Map([
      [5, 1],
      [8, 3],
    ]);
    expect(gradedNdcg([5, 8], grade2, 2)).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3)), 14);
    expect(gradedNdcg([5, 8], grade2, 2, exponentialGain)).toBeCloseTo(
      (1 + 7 / Math.log2(3)) / (7 + 1 / Math.log2(3)),
      14,
    );
    expect(gradedNdcg([5, 8], grade2, 1)).toBeCloseTo(1 / 3, 15);
    expect(gradedNdcg([8, 5], grade2)).toBe(1);
  });

  test('AUC: pairs strictly in order; a tie is a loss', () => {
    expect(auc([3, 1], [2, 0])).toBe(3 / 4);
    expect(auc([3, 2], [2, 0])).toBe(3 / 4);
    expect(auc([5, 5], [5, 5, 5])).toBe(0);
    expect(auc([5], [1, 2])).toBe(1);
    expect(aucFromRanks([2, 4], 4)).toBe(1 - 3 / 4);
  });
});

describe('against obvious code on random lists', () => {
  test('binary metrics agree, from lists and from ranks', () => {
    const uniform = random(1);
    for (let round = 0; round < 500; round++) {
      const items = 1 + below(uniform, 30);
      const ranked = Array.from({ length: items }, (_, i) => i).sort(() => uniform() - 0.5);
      const relevant = ranked.filter(() => uniform() < 0.3);
      if (relevant.length === 0) relevant.push(ranked[below(uniform, items)]);
      const k = 1 + below(uniform, 40);
      const hit = ranked.slice(0, k).map((item) => (relevant.includes(item) ? 1 : 0));
      const hits = hit.filter((h) => h === 1).length;
      const dcg = (flags: number[]) => flags.reduce((sum, h, i) => sum + h / Math.log2(i + 2), 0);
      const ideal = dcg(relevant.map(() => 1).slice(0, k));
      let ap = 0;
      for (let i = 0; i < hit.length; i++)
        if (hit[i]) ap += hit.slice(0, i + 1).filter((h) => h === 1).length / (i + 1);
      const first = hit.indexOf(1);
      const expected = [
        hits > 0 ? 1 : 0,
        hits / relevant.length,
        hits / Math.min(k, relevant.length),
        hits / k,
        first < 0 ? 0 : 1 / (first + 1),
        ap / Math.min(k, relevant.length),
        dcg(hit) / ideal,
      ];
      const onLists = [hitRate, recall, cappedRecall, precision, reciprocalRank, averagePrecision, ndcg];
      const onRanks = [
        hitRateFromRanks,
        recallFromRanks,
        cappedRecallFromRanks,
        precisionFromRanks,
        reciprocalRankFromRanks,
        averagePrecisionFromRanks,
        ndcgFromRanks,
      ];
      const ranks = relevant.map((item) => ranked.indexOf(item) + 1).sort((a, b) => a - b);
      expected.forEach((value, i) => {
        expect(onLists[i](ranked, relevant, k)).toBeCloseTo(value, 12);
        expect(onRanks[i](ranks, k)).toBeCloseTo(value, 12);
      });
      const grades = new Map(relevant.map((item) => [item, 1]));
      expect(gradedNdcg(ranked, grades, k)).toBeCloseTo(expected[6], 12);
    }
  });

  test('AUC agrees with counting pairs, ties included', () => {
    const uniform = random(2);
    for (let round = 0; round < 300; round++) {
      const scores = (n: number) => Array.from({ length: n }, () => below(uniform, 6));
      const positives = scores(1 + below(uniform, 8));
      const negatives = scores(1 + below(uniform, 8));
      const won = positives.flatMap((p) => negatives.filter((n) => p > n)).length;
      expect(auc(positives, negatives)).toBeCloseTo(won / (positives.length * negatives.length), 12);
    }
  });
});

describe('bad input', () => {
  test.each([0, -1, 1.5, NaN])('k = %p is BAD_K everywhere', (k) => {
    for (const metric of [hitRate, recall, cappedRecall, precision, reciprocalRank, averagePrecision, ndcg])
      expect(() => metric(RANKED, RELEVANT, k)).toThrow(coded('BAD_K'));
    for (const metric of [
      hitRateFromRanks,
      recallFromRanks,
      cappedRecallFromRanks,
      precisionFromRanks,
      reciprocalRankFromRanks,
      averagePrecisionFromRanks,
      ndcgFromRanks,
    ])
      expect(() => metric([1], k)).toThrow(coded('BAD_K'));
    expect(() => gradedNdcg([1], new Map([[1, 1]]), k)).toThrow(coded('BAD_K'));
  });

  test('nothing relevant, an item listed twice, a bad gain', () => {
    expect(() => recall(RANKED, [], 5)).toThrow(coded('NO_RELEVANT'));
    expect(() => recallFromRanks([], 5)).toThrow(coded('NO_RELEVANT'));
    expect(() => gradedNdcg(RANKED, new Map([[4, 0]]))).toThrow(coded('NO_RELEVANT'));
    expect(() => recall([1, 1], [1], 5)).toThrow(coded('DUPLICATE_ITEM'));
    expect(() => gradedNdcg([1], new Map([[1, -1]]))).toThrow(coded('BAD_GAIN'));
    expect(() => gradedNdcg([1], new Map([[1, NaN]]))).toThrow(coded('BAD_GAIN'));
    expect(() => auc([1], [])).toThrow(coded('NO_NEGATIVES'));
    expect(() => auc([], [1])).toThrow(coded('NO_RELEVANT'));
    expect(() => auc([NaN], [1])).toThrow(coded('NON_FINITE_VALUE'));
  });
});
