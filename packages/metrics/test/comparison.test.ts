import { describe, expect, test } from '@jest/globals';

import {
  compareEvaluations,
  comparePaired,
  mcnemarTest,
  pairedBootstrap,
  pairedTTest,
  permutationTest,
} from '../src/index.js';
import { coded, random } from './support.js';

describe('paired t-test', () => {
  test('Student’s sleep data (1908): t = -4.0621, df = 9, p = .002833, interval -2.4599 to -.7001', () => {
    const one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { difference, low, high, p, users, method } = pairedTTest(one, two);
    expect(difference).toBeCloseTo(-1.58, 12);
    expect([low?.toFixed(4), high?.toFixed(4)]).toEqual(['-2.4599', '-0.7001']);
    expect(p).toBeCloseTo(0.00283289, 8);
    expect([users, method]).toEqual([10, 't']);
  });

  test('equal models, and a constant gain', () => {
    expect(pairedTTest([0.1, 0.2], [0.1, 0.2])).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
    expect(pairedTTest([2, 3, 4], [1, 2, 3])).toMatchObject({ difference: 1, p: 0 });
  });
});

describe('McNemar', () => {
  const hits = (both: number, onlyA: number, onlyB: number, neither: number) => ({
    a: [both, onlyA, onlyB, neither].flatMap((n, cell) => new Array<number>(n).fill(cell < 2 ? 1 : 0)),
    b: [both, onlyA, onlyB, neither].flatMap((n, cell) => new Array<number>(n).fill(cell % 2 === 0 ? 1 : 0)),
  });

  test('1 against 7: exact 2 * 9 / 256, mid-p 2 * (1 + 4) / 256', () => {
    const { a, b } = hits(3, 1, 7, 10);
    expect(mcnemarTest(a, b, { exact: true }).p).toBeCloseTo(18 / 256, 12);
    expect(mcnemarTest(a, b).p).toBeCloseTo(10 / 256, 12);
    expect(mcnemarTest(b, a).p).toBeCloseTo(10 / 256, 12);
    expect(mcnemarTest(a, b).difference).toBeCloseTo(-6 / 21, 14);
  });

  test('interval: Wald with half an observation added to each cell', () => {
    const { a, b } = hits(3, 1, 7, 10);
    const [n, x, y] = [23, 1.5, 7.5];
    const reach = (1.959963984540054 * Math.sqrt(x + y - (x - y) ** 2 / n)) / n;
    const { low, high } = mcnemarTest(a, b);
    expect(low).toBeCloseTo((x - y) / n - reach, 10);
    expect(high).toBeCloseTo((x - y) / n + reach, 10);
  });

  test('no discordant pair, and as many each way', () => {
    expect(mcnemarTest([1, 0], [1, 0]).p).toBe(1);
    const { a, b } = hits(0, 4, 4, 0);
    expect(mcnemarTest(a, b).p).toBeCloseTo(1, 12);
    expect(mcnemarTest(a, b, { exact: true }).p).toBe(1);
  });

  test('values that are not 0 or 1 are refused', () => {
    expect(() => mcnemarTest([0.5, 1], [0, 1])).toThrow(coded('NOT_BINARY'));
    expect(() => comparePaired([0.5, 1], [0, 1], { method: 'mcnemar' })).toThrow(coded('NOT_BINARY'));
  });
});

describe('resampling', () => {
  const uniform = random(20);
  const b = Array.from({ length: 10 }, () => Math.round(uniform() * 20) / 20);
  const a = b.map((value) => value + Math.round((uniform() - 0.2) * 10) / 10);

  test('permutation p agrees with all 1,024 sign patterns', () => {
    const d = a.map((value, i) => value - b[i]);
    const observed = Math.abs(d.reduce((x, y) => x + y));
    let asLarge = 0;
    for (let signs = 0; signs < 1024; signs++) {
      const sum = d.reduce((total, value, i) => total + ((signs >> i) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= observed - 1e-9) asLarge++;
    }
    const exact = asLarge / 1024;
    const { p } = permutationTest(a, b, { seed: 3, resamples: 20_000 });
    expect(exact).toBeGreaterThan(0.005); // the example is not degenerate
    expect(exact).toBeLessThan(0.9);
    expect(Math.abs(p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
  });

  test('more than 32 users: agrees with the t-test, flips every user', () => {
    const draw = random(21);
    const left = Array.from({ length: 150 }, () => draw());
    const right = left.map((value) => value + (draw() - 0.44) * 0.5);
    const t = pairedTTest(left, right);
    expect(t.p).toBeGreaterThan(1e-4);
    expect(t.p).toBeLessThan(0.5);
    expect(Math.abs(permutationTest(left, right, { seed: 1 }).p - t.p)).toBeLessThan(0.03);
    const bootstrap = pairedBootstrap(left, right, { seed: 1, resamples: 4000 });
    expect(Math.abs(bootstrap.p - t.p)).toBeLessThan(0.04);
    expect(bootstrap.low).toBeCloseTo(t.low!, 2);
    expect(bootstrap.high).toBeCloseTo(t.high!, 2);
  });

  test('on hits, permutation is the exact McNemar test', () => {
    const left = Array.from({ length: 60 }, (_, user) => (user < 26 ? 1 : 0));
    const right = left.map((hit, user) => (user < 46 ? 1 - hit : hit)); // 26 against 20
    const exact = mcnemarTest(left, right, { exact: true }).p;
    const { p } = permutationTest(left, right, { seed: 2, resamples: 20_000 });
    expect(Math.abs(p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 20_000));
  });

  test('bootstrap p by hand: one of seven samples lies below 0, so 2 * (1 + 1) / (1 + 7)', () => {
    const places = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5];
    const { p, low, high } = pairedBootstrap([1, 0], [0, 2], { resamples: 7, seed: () => places.shift()! });
    expect(p).toBe(0.5);
    expect(low).toBeCloseTo(-2 + 0.025 * 6 * 3, 12); // between the least, -2, and the next, 1
    expect(high).toBe(1);
  });

  test('seeded; equal models give p = 1', () => {
    for (const method of [permutationTest, pairedBootstrap]) {
      expect(method(a, b, { seed: 5 })).toEqual(method(a, b, { seed: 5 }));
      expect(method(b, b, { seed: 5 })).toMatchObject({ difference: 0, p: 1 });
    }
  });
});

describe('one user', () => {
  test('is no evidence for the t-test, the permutation test and the bootstrap: p = 1 and no interval', () => {
    const nothing = { difference: 0.25, low: null, high: null, p: 1, users: 1 };
    expect(pairedTTest([0.5], [0.25])).toEqual({ ...nothing, method: 't' });
    expect(permutationTest([0.5], [0.25])).toEqual({ ...nothing, method: 'permutation' });
    expect(pairedBootstrap([0.5], [0.25])).toEqual({ ...nothing, method: 'bootstrap' });
    expect(comparePaired([0.5], [0.25])).toEqual({ ...nothing, method: 't' });
  });

  test('nor where the models agree', () => {
    for (const method of ['t', 'permutation', 'bootstrap'] as const)
      expect(comparePaired([0.5], [0.5], { method })).toMatchObject({ difference: 0, p: 1, low: null });
    expect(comparePaired([1], [1])).toMatchObject({ difference: 0, p: 1, method: 'mcnemar' });
  });

  test('is a hit or two for McNemar: exact p 1, mid-p a half, an interval within [-1, 1]', () => {
    expect(mcnemarTest([1], [0], { exact: true }).p).toBe(1);
    const { p, low, high } = comparePaired([1], [0]);
    expect(p).toBeCloseTo(0.5, 14);
    expect(low).toBeLessThan(0);
    expect(low).toBeGreaterThanOrEqual(-1);
    expect(high).toBe(1);
  });
});

describe('all differences zero', () => {
  test.each(['t', 'mcnemar', 'permutation', 'bootstrap'] as const)(
    '%s: p = 1, an interval around 0',
    (method) => {
      const { p, low, high, difference } = comparePaired([1, 0, 1], [1, 0, 1], { method });
      expect([p, difference]).toEqual([1, 0]);
      expect(low! + high!).toBeCloseTo(0, 14);
      expect(Number.isFinite(low)).toBe(true);
    },
  );
});

describe('clusters', () => {
  const a = [1, 3, -1, 1];
  const b = [0, 0, 0, 0];

  test('by hand: cluster sums of residuals 2, -2, 0; error sqrt(3 / 2 * 8) / 4, 2 degrees of freedom', () => {
    const { difference, low, high, p, users } = pairedTTest(a, b, { clusters: [5, 5, -1, -1] });
    const t = 2 / Math.sqrt(3);
    expect([difference, users]).toEqual([1, 3]);
    expect(p).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    expect(high! - 1).toBeCloseTo((4.302652729911275 * Math.sqrt(3)) / 2, 9);
    expect(1 - low!).toBeCloseTo(high! - 1, 12);
  });

  test('of their own are no clusters; one is no evidence', () => {
    const plain = pairedTTest(a, b);
    const own = pairedTTest(a, b, { clusters: [-1, -1, -1, -1] });
    expect(own.users).toBe(4);
    for (const key of ['p', 'low', 'high'] as const) expect(own[key]).toBeCloseTo(plain[key]!, 12);
    expect(pairedTTest(a, b, { clusters: [2, 2, 2, 2] })).toEqual({
      difference: 1,
      low: null,
      high: null,
      p: 1,
      users: 1,
      method: 't',
    });
  });

  test('call for the t-test, also of hits', () => {
    const clusters = [1, 1, -1];
    const t = pairedTTest([0, 1, 1], [1, 1, 0], { clusters, level: 0.9 });
    expect(comparePaired([0, 1, 1], [1, 1, 0], { clusters, level: 0.9 })).toEqual(t);
    expect(comparePaired([0, 1, 1], [1, 1, 0], { clusters, level: 0.9, method: 't' })).toEqual(t);
    for (const method of ['mcnemar', 'permutation', 'bootstrap'] as const)
      expect(() => comparePaired([0, 1, 1], [1, 1, 0], { clusters, method })).toThrow(coded('BAD_OPTION'));
    expect(() => pairedTTest(a, b, { clusters: [1, 1] })).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => pairedTTest(a, b, { clusters: [1, 1, NaN, 1] })).toThrow(coded('NON_FINITE_VALUE'));
  });
});

describe('under equality p is below .05 one time in twenty', () => {
  const rejections = (draw: (uniform: () => number) => { p: number }) => {
    const uniform = random(22);
    let rejected = 0;
    for (let round = 0; round < 1000; round++) if (draw(uniform).p <= 0.05) rejected++;
    return rejected / 1000;
  };
  test('t-test and mid-p McNemar', () => {
    const values = (n: number, f: () => number) => Array.from({ length: n }, f);
    const t = rejections((u) => pairedTTest(values(60, u), values(60, u)));
    expect(Math.abs(t - 0.05)).toBeLessThan(0.025);
    const bit = (u: () => number) => () => (u() < 0.3 ? 1 : 0);
    const mcnemar = rejections((u) => mcnemarTest(values(200, bit(u)), values(200, bit(u))));
    expect(Math.abs(mcnemar - 0.05)).toBeLessThan(0.025);
  });
});

describe('comparePaired and compareEvaluations', () => {
  test('picks McNemar for hits, the t-test for the rest', () => {
    expect(comparePaired([0, 1, 1], [1, 1, 0])).toEqual(mcnemarTest([0, 1, 1], [1, 1, 0]));
    expect(comparePaired([0, 0.5, 1], [1, 1, 0])).toEqual(pairedTTest([0, 0.5, 1], [1, 1, 0]));
    for (const method of ['t', 'mcnemar', 'permutation', 'bootstrap'] as const)
      expect(comparePaired([0, 1, 1], [1, 1, 0], { method }).method).toBe(method);
  });

  test('needs a user, values of the same number, finite, and a test that exists', () => {
    for (const method of ['auto', 't', 'mcnemar', 'permutation', 'bootstrap'] as const)
      expect(() => comparePaired([], [], { method })).toThrow(coded('NO_USERS'));
    expect(() => comparePaired([1, 2], [0])).toThrow(coded('SHAPE_MISMATCH'));
    expect(() => comparePaired([1, Infinity], [0, 1])).toThrow(coded('NON_FINITE_VALUE'));
    expect(() => comparePaired([1, 2], [0, 1], { method: 'z' as 't' })).toThrow(coded('BAD_OPTION'));
    expect(() => permutationTest([1, 2], [0, 1], { resamples: 0 })).toThrow(coded('BAD_OPTION'));
  });

  test('evaluations must be of the same users', () => {
    const evaluation = (users: number[], values: number[]) => ({
      users: Int32Array.from(users),
      perUser: { 'ndcg@10': Float64Array.from(values) },
    });
    const a = evaluation([3, 5, 6], [0.5, 0, 1]);
    const b = evaluation([3, 5, 6], [0.25, 0, 0.5]);
    expect(compareEvaluations(a, b)['ndcg@10'].difference).toBeCloseTo(0.25, 14);
    expect(() => compareEvaluations(a, evaluation([3, 6, 5], [0, 0, 0]))).toThrow(coded('USERS_DIFFER'));
    const other = { users: a.users, perUser: {} } as typeof a;
    expect(() => compareEvaluations(a, other)).toThrow(coded('BAD_METRIC'));
  });
});
