import { describe, expect, test } from '@jest/globals';

import {
  bootstrapInterval,
  estimate,
  type Interval,
  meanInterval,
  studentCdf,
  studentQuantile,
  studentTwoSided,
  wilsonInterval,
} from '../src/index.js';
import { incompleteBeta } from '../src/statistics/incomplete-beta.js';
import { logGamma } from '../src/statistics/log-gamma.js';
import { normalQuantile, normalTwoSided } from '../src/statistics/normal.js';
import { uniformSource } from '../src/statistics/uniform-source.js';
import { coded, random } from './support.js';

describe('special functions', () => {
  test('log gamma is the factorial, and sqrt(pi) at a half', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n++) {
      expect(Math.exp(logGamma(n)) / factorial).toBeCloseTo(1, 12);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 14);
    expect(logGamma(0.25)).toBeCloseTo(Math.log(3.625609908221908), 13);
  });

  test('incomplete beta is the binomial tail, and symmetric', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);
    for (const [n, k, x] of [
      [10, 3, 0.2],
      [25, 20, 0.9],
      [40, 1, 0.5],
      [7, 7, 0.01],
    ]) {
      let tail = 0;
      for (let j = k; j <= n; j++) tail += choose(n, j) * x ** j * (1 - x) ** (n - j);
      expect(incompleteBeta(x, k, n - k + 1) / tail).toBeCloseTo(1, 11);
    }
    expect(incompleteBeta(0.3, 2.5, 4) + incompleteBeta(0.7, 4, 2.5)).toBeCloseTo(1, 14);
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });

  test('normal: table values', () => {
    expect(normalTwoSided(1.959963984540054)).toBeCloseTo(0.05, 14);
    expect(normalTwoSided(0)).toBe(1);
    expect(normalTwoSided(3)).toBeCloseTo(0.0026997960632601866, 14);
    expect(normalTwoSided(100)).toBe(0);
    expect(normalQuantile(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.99)).toBeCloseTo(2.5758293035489004, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0.6744897501960817, 12);
  });

  test('Student: table of critical values, two-sided', () => {
    for (const [level, df, t] of [
      [0.95, 1, 12.706],
      [0.95, 2, 4.303],
      [0.95, 4, 2.776],
      [0.95, 10, 2.228],
      [0.95, 30, 2.042],
      [0.95, 120, 1.98],
      [0.99, 5, 4.032],
      [0.9, 20, 1.725],
      [0.999, 10, 4.587],
    ]) {
      expect(studentQuantile(level, df)).toBeCloseTo(t, 3);
      expect(studentTwoSided(t, df)).toBeCloseTo(1 - level, 3);
    }
  });

  test('Student: closed forms for 1 and 2 degrees of freedom, and the normal in the limit', () => {
    for (const t of [-30, -3, -0.4, 0, 0.1, 1, 2.5, 50]) {
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 13);
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 13);
      expect(studentTwoSided(t, 1e7)).toBeCloseTo(normalTwoSided(t), 6);
    }
    expect(studentTwoSided(Infinity, 5)).toBe(0);
    expect(studentTwoSided(6.5, 97_000) / 8.0e-11).toBeCloseTo(1, 1); // far tail keeps its relative precision
  });
});

describe('intervals, worked', () => {
  test('mean of 2, 4, 4, 6: 4 ± 3.1824 * sqrt(8/3) / 2', () => {
    const { value, low, high } = meanInterval([2, 4, 4, 6]);
    expect(value).toBe(4);
    expect(high - 4).toBeCloseTo((3.182446305284264 * Math.sqrt(8 / 3)) / 2, 9);
    expect(4 - low).toBeCloseTo(high - 4, 12);
    expect(meanInterval([0, 0.1], { bounds: [0, 1] }).low).toBe(0);
    expect(meanInterval([0.3], { bounds: [0, 1] })).toEqual({ value: 0.3, low: 0, high: 1 });
    expect(meanInterval([1, 2, 3], { level: 0.99 }).high).toBeGreaterThan(meanInterval([1, 2, 3]).high);
  });

  test('Wilson: 1 of 10 and 0 of 10, as tables print them', () => {
    const one = wilsonInterval(1, 10);
    expect([one.low, one.high].map((x) => x.toFixed(4))).toEqual(['0.0179', '0.4042']);
    const none = wilsonInterval(0, 10);
    expect(none.low).toBe(0);
    expect(none.high).toBeCloseTo(0.2775, 4);
    expect(wilsonInterval(10, 10).high).toBe(1);
    expect(wilsonInterval(10, 10).low).toBeCloseTo(1 - none.high, 12);
  });

  test('an estimate is Wilson’s for 0/1 values, Student’s otherwise, the bootstrap’s when asked', () => {
    expect(estimate([0, 1, 0, 0])).toEqual({ ...wilsonInterval(1, 4), users: 4 });
    expect(estimate([0, 0.5, 0, 1])).toEqual({
      ...meanInterval([0, 0.5, 0, 1], { bounds: [0, 1] }),
      users: 4,
    });
    const bootstrap = { seed: 4, resamples: 200 };
    expect(estimate([0, 1, 0, 0], { bootstrap, level: 0.9 })).toEqual({
      ...bootstrapInterval([0, 1, 0, 0], { ...bootstrap, level: 0.9 }),
      users: 4,
    });
  });

  test('the bootstrap of one value is the bounds, as the formula is', () => {
    expect(bootstrapInterval([0.3])).toEqual({ value: 0.3, low: -Infinity, high: Infinity });
    expect(estimate([0.3], { bootstrap: {} })).toEqual({ value: 0.3, low: 0, high: 1, users: 1 });
    expect(estimate([0.3])).toEqual({ value: 0.3, low: 0, high: 1, users: 1 });
  });

  test('the bootstrap is seeded and close to the formula', () => {
    const uniform = random(5);
    const values = Array.from({ length: 800 }, () => uniform() ** 3);
    expect(bootstrapInterval(values, { seed: 1 })).toEqual(bootstrapInterval(values, { seed: 1 }));
    expect(bootstrapInterval(values, { seed: 1 })).not.toEqual(bootstrapInterval(values, { seed: 2 }));
    const formula = meanInterval(values);
    const drawn = bootstrapInterval(values, { seed: random(6) });
    expect(drawn.value).toBeCloseTo(formula.value, 12);
    expect(Math.abs(drawn.low - formula.low)).toBeLessThan(0.15 * (formula.high - formula.low));
    expect(Math.abs(drawn.high - formula.high)).toBeLessThan(0.15 * (formula.high - formula.low));
  });
});

/** Share of simulated data sets whose interval holds the true value. */
function covered(truth: number, rounds: number, draw: () => Interval): number {
  let inside = 0;
  for (let round = 0; round < rounds; round++) {
    const { low, high } = draw();
    if (low <= truth && truth <= high) inside++;
  }
  return inside / rounds;
}

describe('95% intervals cover the truth 95% of the time', () => {
  // With 2,000 rounds the share of an exact interval stays within .95 +- .015 with probability .998.
  test('Wilson, a rate of .05 over 400 users', () => {
    const uniform = random(7);
    const share = covered(0.05, 2000, () => {
      let hits = 0;
      for (let user = 0; user < 400; user++) if (uniform() < 0.05) hits++;
      return wilsonInterval(hits, 400);
    });
    expect(Math.abs(share - 0.95)).toBeLessThan(0.015);
  });

  test('mean of NDCG-like values: mostly 0, else 1 / log2(rank + 1)', () => {
    const uniform = random(8);
    let truth = 0;
    for (let rank = 1; rank <= 10; rank++) truth += 0.02 / Math.log2(rank + 1);
    const share = covered(truth, 1000, () => {
      const values = Array.from({ length: 400 }, () => {
        const rank = 1 + Math.floor(uniform() * 50);
        return rank <= 10 ? 1 / Math.log2(rank + 1) : 0;
      });
      return estimate(values);
    });
    expect(Math.abs(share - 0.95)).toBeLessThan(0.021);
  });

  test('mean of five normal values, where 1.96 would give 88%', () => {
    const uniform = random(9);
    const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    const share = covered(0, 2000, () => meanInterval(Array.from({ length: 5 }, normal)));
    expect(Math.abs(share - 0.95)).toBeLessThan(0.015);
  });

  test('bootstrap', () => {
    const uniform = random(10);
    const share = covered(0.25, 400, () =>
      bootstrapInterval(
        Array.from({ length: 100 }, () => uniform() ** 3),
        { seed: 1 + Math.floor(uniform() * 1e6), resamples: 100 },
      ),
    );
    expect(Math.abs(share - 0.95)).toBeLessThan(0.05);
  });
});

describe('bad input', () => {
  test('no users, values that are not finite, impossible counts, levels and seeds', () => {
    expect(() => meanInterval([])).toThrow(coded('NO_USERS'));
    expect(() => estimate([])).toThrow(coded('NO_USERS'));
    expect(() => bootstrapInterval([])).toThrow(coded('NO_USERS'));
    expect(() => wilsonInterval(0, 0)).toThrow(coded('NO_USERS'));
    expect(() => meanInterval([1, NaN])).toThrow(coded('NON_FINITE_VALUE'));
    expect(() => wilsonInterval(3, 2)).toThrow(coded('BAD_COUNTS'));
    expect(() => wilsonInterval(0.5, 2)).toThrow(coded('BAD_COUNTS'));
    expect(() => meanInterval([1, 2], { level: 1 })).toThrow(coded('BAD_OPTION'));
    expect(() => bootstrapInterval([1, 2], { resamples: 0 })).toThrow(coded('BAD_OPTION'));
    expect(() => bootstrapInterval([1, 2], { seed: 0.5 })).toThrow(coded('BAD_SEED'));
    expect(() => bootstrapInterval([1, 2], { seed: () => 1 })).toThrow(coded('BAD_SEED'));
  });
});

test('the uniform source is uniform: 20 cells, chi-squared with 19 degrees of freedom, p > .001', () => {
  const uniform = uniformSource(12);
  const cells = new Array(20).fill(0);
  for (let i = 0; i < 100_000; i++) cells[Math.floor(uniform() * 20)]++;
  const chi2 = cells.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  expect(chi2).toBeLessThan(43.8);
  expect(uniformSource(13)()).not.toBe(uniformSource(12)());
});
