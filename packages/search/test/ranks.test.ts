import { describe, expect, test } from '@jest/globals';
import { gradedNdcg } from '@towerkit/metrics';
import fc from 'fast-check';

import { metricsOf, ranksOf } from '../src/evaluate/query-ranks.js';

describe('ranks', () => {
  test('are places in the sorted catalog, the smaller id first among equals', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 20 }), (values) => {
        const scores = Float32Array.from(values);
        const order = [...scores.keys()].sort((a, b) => scores[b] - scores[a] || a - b);
        const wanted = [...scores.keys()];
        expect([...ranksOf(scores, wanted)]).toEqual(wanted.map((item) => order.indexOf(item) + 1));
      }),
    );
  });

  test('what is not in the catalog is never found', () => {
    expect([...ranksOf(Float32Array.of(1, 2), [-1, 0])]).toEqual([Infinity, 2]);
  });
});

describe('metrics of a query', () => {
  test('values worked by hand', () => {
    const metrics = metricsOf(Float64Array.of(2, 50, 200), [0.5, 1, 1], 0.65);
    expect(metrics['recall@10']).toBe(0);
    expect(metrics['recall@100']).toBe(0.5);
    expect(metrics['mrr@10']).toBe(0);
    const ideal = 1 + 1 / Math.log2(3) + 0.5 / 2;
    expect(metrics['ndcg@10']).toBeCloseTo((0.5 + 1 / Math.log2(3) + 1 / 2) / ideal, 10);
  });

  test('MRR is that of the first relevant product', () => {
    expect(metricsOf(Float64Array.of(4, 9), [1, 1], 0.65)['mrr@10']).toBe(0.25);
  });

  test('NDCG agrees with that of the metrics package', () => {
    const judged = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(
        judged,
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 15, maxLength: 15 }),
        (ranks, labels) => {
          const gains = ranks.map((_, at) => labels[at] / 4);
          fc.pre(gains.some((gain) => gain > 0));
          const ranked = [...ranks.keys()].sort((a, b) => ranks[a] - ranks[b]);
          const wanted = gradedNdcg(ranked, new Map(gains.map((gain, item) => [item, gain])), 10);
          expect(metricsOf(Float64Array.from(ranks), gains, 0.65)['ndcg@10']).toBeCloseTo(wanted, 10);
        },
      ),
    );
  });

  test('is undefined where nothing is relevant', () => {
    expect(metricsOf(Float64Array.of(1), [0], 0.65)).toEqual({
      'ndcg@10': NaN,
      'recall@10': NaN,
      'recall@100': NaN,
      'mrr@10': NaN,
    });
  });
});
