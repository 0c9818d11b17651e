import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import {
  createProposal,
  inBatch,
  mixture,
  nearby,
  popularity,
  uniform,
  type Proposal,
} from '../src/index.js';
import { chiSquared } from './chi-squared.js';

const counts = Int32Array.from({ length: 200 }, (_, i) => (i % 7 === 3 ? 0 : Math.floor(500 / (i + 1))));
const refusal = (code: string) => expect.objectContaining({ code });

const scatter = new Rng(3);
/** On a square of 10 km; one in twenty is not known. */
const positions = Float64Array.from({ length: 600 }, (_, i) =>
  i % 60 === 3 ? NaN : i % 3 === 2 ? 0 : 10 * scatter.uniform(),
);

const proposals: Record<string, Proposal> = {
  uniform: uniform(200),
  'popularity, power 0': popularity(counts, { power: 0 }),
  'popularity, power 0.5': popularity(counts, { power: 0.5 }),
  'popularity, power 0.75': popularity(counts),
  'popularity, power 1.5': popularity(counts, { power: 1.5 }),
  'popularity, smoothed': popularity(counts, { smoothing: 2 }),
  'in-batch': inBatch(counts),
  nearby: nearby(counts, { positions, radiusKm: 1.5 }),
  'mixture of two': mixture([
    { proposal: uniform(200), weight: 1 },
    { proposal: popularity(counts), weight: 3 },
  ]),
  'mixture of a mixture and one more': mixture([
    { proposal: mixture([{ proposal: inBatch(counts), weight: 2 }]), weight: 0.2 },
    { proposal: popularity(counts, { power: 0.3 }), weight: 0.5 },
    { proposal: uniform(200), weight: 0.3 },
  ]),
};

describe.each(Object.entries(proposals))('%s', (_, proposal) => {
  test('draws with the probability it tells (chi-squared, p > .001)', () => {
    const rng = new Rng(11);
    const seen = new Int32Array(proposal.size);
    for (let n = 0; n < 300_000; n++) seen[proposal.draw(rng)]++;
    const { statistic, critical } = chiSquared(
      seen,
      Array.from(seen, (_, item) => proposal.probability(item)),
    );
    expect(statistic).toBeLessThan(critical);
  });

  test('its probabilities sum to 1, agree with their logarithms and end at its items', () => {
    let sum = 0;
    for (let item = 0; item < proposal.size; item++) {
      sum += proposal.probability(item);
      expect(Math.exp(proposal.logProbability(item))).toBeCloseTo(proposal.probability(item), 14);
    }
    expect(Math.abs(sum - 1)).toBeLessThan(1e-14);
    for (const item of [-1, proposal.size]) {
      expect(proposal.probability(item)).toBe(0);
      expect(proposal.logProbability(item)).toBe(-Infinity);
    }
  });

  test('the same seed gives the same draws', () => {
    const [a, b] = [new Rng(5), new Rng(5)];
    for (let n = 0; n < 100; n++) expect(proposal.draw(a)).toBe(proposal.draw(b));
  });
});

describe('values worked by hand', () => {
  test('popularity: 1, 16 and 81 to the power 1/4 are 1, 2 and 3', () => {
    const proposal = popularity([1, 16, 81], { power: 0.25 });
    expect(proposal.probability(0)).toBeCloseTo(1 / 6, 15);
    expect(proposal.probability(1)).toBeCloseTo(2 / 6, 15);
    expect(proposal.logProbability(2)).toBeCloseTo(Math.log(0.5), 15);
  });

  test('popularity with smoothing: (0 + 1) and (3 + 1), square roots 1 and 2', () => {
    expect(popularity([0, 3], { power: 0.5, smoothing: 1 }).probability(0)).toBeCloseTo(1 / 3, 15);
  });

  test('mixture: a quarter uniform over 2, three quarters 1 : 4', () => {
    const proposal = mixture([
      { proposal: uniform(2), weight: 1 },
      { proposal: inBatch([1, 4]), weight: 3 },
    ]);
    expect(proposal.probability(0)).toBeCloseTo(0.25 / 2 + 0.75 / 5, 15);
  });

  test.each([0.2, 1.5, 30])('nearby: as pairs of a target and an item within %d km of it', (radiusKm) => {
    const at = (item: number) => positions.subarray(3 * item, 3 * item + 3);
    const known = [...counts.keys()].filter((item) => counts[item] > 0 && !Number.isNaN(at(item)[0]));
    const near = (a: number, b: number) =>
      Math.hypot(...at(a).map((value, axis) => value - at(b)[axis])) <= radiusKm;
    const expected = new Float64Array(counts.length);
    const total = known.reduce((sum, item) => sum + counts[item], 0);
    for (const target of known) {
      const around = known.filter((item) => near(target, item));
      const sum = around.reduce((all, item) => all + counts[item] ** 0.75, 0);
      for (const item of around) expected[item] += ((counts[target] / total) * counts[item] ** 0.75) / sum;
    }
    const proposal = nearby(counts, { positions, radiusKm });
    expected.forEach((q, item) => expect(proposal.probability(item)).toBeCloseTo(q, 12));
  });

  test('nearby: three on a line, two of them near each other', () => {
    const proposal = nearby([3, 1, 4], {
      positions: [0, 0, 0, 0.4, 0, 0, 9, 0, 0],
      radiusKm: 1,
      power: 1,
    });
    expect([0, 1, 2].map((item) => proposal.probability(item))).toEqual([0.375, 0.125, 0.5]);
  });

  test('an item without weight is never drawn', () => {
    const proposal = inBatch([0, 1, 0]);
    expect(proposal.probability(0)).toBe(0);
    expect(proposal.logProbability(0)).toBe(-Infinity);
    const rng = new Rng(1);
    for (let n = 0; n < 1000; n++) expect(proposal.draw(rng)).toBe(1);
  });

  test('a long tail is not lost in the sum', () => {
    const counts = new Float64Array(100_001).fill(1e-17);
    counts[0] = 1;
    expect(inBatch(counts).probability(0)).toBe(1 / (1 + 1e-12));
  });
});

describe('importance weights', () => {
  test.each(Object.entries(proposals).filter(([name]) => /uniform|smoothed|mixture/.test(name)))(
    '%s: an importance-weighted sum over draws estimates the sum over all items without bias',
    (_, proposal) => {
      const value = (item: number) => Math.exp(Math.sin(item));
      let truth = 0;
      for (let item = 0; item < proposal.size; item++) truth += value(item);
      const rng = new Rng(21);
      const draws = 100_000;
      let sum = 0;
      let squares = 0;
      for (let n = 0; n < draws; n++) {
        const item = proposal.draw(rng);
        const term = value(item) / Math.exp(proposal.logProbability(item));
        sum += term;
        squares += term * term;
      }
      const mean = sum / draws;
      const error = Math.sqrt((squares / draws - mean ** 2) / draws);
      expect(Math.abs(mean - truth)).toBeLessThan(3.3 * error);
      expect(error / truth).toBeLessThan(0.02);
    },
  );
});

describe('proposals as plain data', () => {
  test.each([
    [{ kind: 'uniform' }, uniform(200)],
    [{ kind: 'popularity', power: 0.5, smoothing: 1 }, popularity(counts, { power: 0.5, smoothing: 1 })],
    [{ kind: 'popularity' }, popularity(counts)],
    [{ kind: 'in-batch' }, inBatch(counts)],
    [
      {
        kind: 'mixture',
        parts: [
          { spec: { kind: 'uniform' }, weight: 1 },
          { spec: { kind: 'popularity' }, weight: 3 },
        ],
      },
      proposals['mixture of two'],
    ],
  ] as const)('%j', (spec, expected) => {
    const made = createProposal(structuredClone(spec), { counts });
    const [a, b] = [new Rng(7), new Rng(7)];
    for (let n = 0; n < 50; n++) expect(made.draw(a)).toBe(expected.draw(b));
    for (let item = 0; item < 200; item++)
      expect(made.logProbability(item)).toBe(expected.logProbability(item));
  });

  test('an unknown kind is refused', () => {
    expect(() => createProposal({ kind: 'zipf' } as never, { counts })).toThrow(refusal('BAD_SPEC'));
    expect(() => createProposal(undefined as never, { counts })).toThrow(refusal('BAD_SPEC'));
  });
});

describe('what is refused', () => {
  test.each([
    ['no counts', () => popularity([])],
    ['a negative count', () => popularity([1, -1])],
    ['a negative count that smoothing would hide', () => popularity([1, -1], { smoothing: 2 })],
    ['a count that is no number', () => inBatch([1, NaN])],
    ['an infinite count', () => inBatch([Infinity, 1])],
    ['counts that are all 0', () => popularity([0, 0])],
    ['no items', () => uniform(0)],
    ['half an item', () => uniform(2.5)],
    ['a mixture of nothing', () => mixture([])],
    ['a negative weight', () => mixture([{ proposal: uniform(2), weight: -1 }])],
    ['weights that are all 0', () => mixture([{ proposal: uniform(2), weight: 0 }])],
  ])('%s: BAD_WEIGHTS', (_, make) => {
    expect(make).toThrow(refusal('BAD_WEIGHTS'));
  });

  test('power and smoothing below 0 or not finite: BAD_OPTION', () => {
    expect(() => popularity([1], { power: -1 })).toThrow(refusal('BAD_OPTION'));
    expect(() => popularity([1], { power: NaN })).toThrow(refusal('BAD_OPTION'));
    expect(() => popularity([1], { smoothing: -1 })).toThrow(refusal('BAD_OPTION'));
    for (const bad of [{ radiusKm: 0 }, { radiusKm: NaN }, { radiusKm: 1, power: -1 }])
      expect(() => nearby([1], { positions: [0, 0, 0], ...bad })).toThrow(refusal('BAD_OPTION'));
    expect(() => nearby([1], { positions: [0, 0], radiusKm: 1 })).toThrow(refusal('SHAPE_MISMATCH'));
    expect(() => nearby([1, 0], { positions: [NaN, 0, 0, 0, 0, 0], radiusKm: 1 })).toThrow(
      refusal('BAD_WEIGHTS'),
    );
  });

  test('a mixture over different numbers of items: SHAPE_MISMATCH', () => {
    const parts = [2, 3].map((size) => ({ proposal: uniform(size), weight: 1 }));
    expect(() => mixture(parts)).toThrow(refusal('SHAPE_MISMATCH'));
  });
});
