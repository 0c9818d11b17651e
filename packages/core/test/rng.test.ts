import { describe, expect, test } from '@jest/globals';

import { Rng } from '../src/index.js';

describe('Rng', () => {
  test('the same seed gives the same draws, another seed others', () => {
    const draws = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (rng) => () =>
            rng.uint32()
        )(new Rng(seed)),
      );
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    expect(draws(2 ** 40)).not.toEqual(draws(0));
    expect(draws(-1)).not.toEqual(draws(1));
    expect(draws(Number.MIN_SAFE_INTEGER)).not.toEqual(draws(Number.MAX_SAFE_INTEGER));
  });

  test('state can be saved and set again', () => {
    const rng = new Rng(1);
    rng.normal();
    const copy = new Rng(99);
    copy.state = JSON.parse(JSON.stringify(rng.state));
    expect([copy.uniform(), copy.integer(1000)]).toEqual([rng.uniform(), rng.integer(1000)]);
  });

  test('forks are independent of each other and leave the parent where it was', () => {
    const rng = new Rng(3);
    const before = rng.state;
    expect(rng.fork('a').uint32()).not.toBe(rng.fork('b').uint32());
    expect(rng.fork('a').uint32()).toBe(rng.fork('a').uint32());
    expect(rng.state).toEqual(before);
  });

  test('is sfc32, seeded as PractRand does it', () => {
    // The reference, in BigInt, after 20 rounds of mixing.
    const mask = (1n << 32n) - 1n;
    let [a, b, c, counter] = [0n, 123n, 7n, 1n];
    const next = () => {
      const t = (a + b + counter++) & mask;
      a = b ^ (b >> 9n);
      b = (c + (c << 3n)) & mask;
      c = (((c << 21n) | (c >> 11n)) + t) & mask;
      return Number(t);
    };
    for (let n = 0; n < 20; n++) next();
    const rng = new Rng(7 * 2 ** 32 + 123);
    for (let n = 0; n < 1000; n++) expect(rng.uint32()).toBe(next());
  });

  test('no two forks of 200,000 step numbers are the same, whatever the parent drew', () => {
    const seen = new Set<string>();
    const rng = new Rng(4);
    for (let step = 0; step < 200_000; step++) seen.add(rng.fork(step).state.join());
    expect(seen.size).toBe(200_000);
    const before = rng.fork('a').uint32();
    rng.uint32();
    expect(rng.fork('a').uint32()).not.toBe(before);
  });

  test('forks do not move together: neighbors, nephews and the parent (z-tests, 5 sigma)', () => {
    const streams = (rng: Rng) => [rng, rng.fork(1), rng.fork(2), rng.fork(12), rng.fork(1).fork(2)];
    const draws = streams(new Rng(8)).map((rng) => Array.from({ length: 20_000 }, () => rng.uniform() - 0.5));
    for (let i = 0; i < draws.length; i++)
      for (let j = 0; j < i; j++) {
        let product = 0;
        for (let n = 0; n < 20_000; n++) product += draws[i][n] * draws[j][n];
        expect(Math.abs((product * 12) / Math.sqrt(20_000))).toBeLessThan(5);
      }
  });

  test('the first draws of neighboring forks are uniform (chi-squared, 15 degrees of freedom, p > .001)', () => {
    for (const first of [(n: number) => new Rng(9).fork(n), (n: number) => new Rng(n)]) {
      const counts = new Array(16).fill(0);
      for (let n = 0; n < 32_000; n++) counts[first(n).integer(16)]++;
      const chi2 = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
      expect(chi2).toBeLessThan(37.7);
    }
  });

  test('integers are uniform (chi-squared, 9 degrees of freedom, p > .001)', () => {
    const rng = new Rng(5);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[rng.integer(10)]++;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(27.88);
  });

  test('integers have no bias where a plain remainder would draw one third twice as often as the others', () => {
    const rng = new Rng(10);
    const bound = 3 * 2 ** 30;
    const thirds = [0, 0, 0];
    for (let i = 0; i < 60_000; i++) thirds[Math.floor(rng.integer(bound) / 2 ** 30)]++;
    const chi2 = thirds.reduce((sum, count) => sum + (count - 20_000) ** 2 / 20_000, 0);
    expect(chi2).toBeLessThan(13.82);
  });

  test('an integer is the upper half of the exact product', () => {
    const rng = new Rng(11);
    const twin = new Rng(11);
    for (const bound of [1, 2, 3, 26_354, 65_536, 2 ** 21, 2 ** 31, 2 ** 32 - 1, 2 ** 32])
      for (let n = 0; n < 200; n++) {
        let product: bigint;
        do product = BigInt(twin.uint32()) * BigInt(bound);
        while ((product & 0xffffffffn) < (1n << 32n) % BigInt(bound));
        expect(rng.integer(bound)).toBe(Number(product >> 32n));
      }
  });

  test.each([[0], [-1], [1.5], [NaN], [2 ** 32 + 1], [Infinity]])('no integer below %d', (bound) => {
    expect(() => new Rng(1).integer(bound)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });

  test('fillUniform is the upper 24 bits of as many draws, and uniform', () => {
    const [rng, twin] = [new Rng(12), new Rng(12)];
    const out = new Float32Array(50_000);
    expect(rng.fillUniform(out)).toBe(out);
    const counts = new Array(10).fill(0);
    for (const value of out) {
      expect(value * 2 ** 24).toBe(twin.uint32() >>> 8);
      counts[Math.floor(value * 10)]++;
    }
    expect(rng.state).toEqual(twin.state);
    expect(counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)).toBeLessThan(27.88);
  });

  test('shuffle gives every order alike (chi-squared, 23 degrees of freedom, p > .001)', () => {
    const rng = new Rng(13);
    const orders = new Map<string, number>();
    for (let n = 0; n < 24_000; n++) {
      const order = rng.shuffle(Int32Array.of(0, 1, 2, 3)).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const chi2 = [...orders.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi2).toBeLessThan(49.73);
  });

  test('normal draws have mean 0, variance 1 and the right tails', () => {
    const rng = new Rng(6);
    const draws = Array.from({ length: 100_000 }, () => rng.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.013);
    expect(Math.abs(variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(draws.filter((x) => Math.abs(x) > 1.96).length / draws.length - 0.05)).toBeLessThan(
      0.003,
    );
  });

  test('refuses a seed that is not an integer', () => {
    for (const seed of [0.5, NaN, Infinity, 2 ** 53, '1' as never])
      expect(() => new Rng(seed)).toThrow(expect.objectContaining({ code: 'BAD_SEED' }));
  });

  test.each([[[1, 2, 3]], [[1, 2, 3, -1]], [[1, 2, 3, 0.5]], [[1, 2, 3, '4']], [null], ['abcd']])(
    'refuses the state %j',
    (state) => {
      const rng = new Rng(1);
      const before = rng.state;
      expect(() => (rng.state = state as never)).toThrow(expect.objectContaining({ code: 'BAD_SEED' }));
      expect(rng.state).toEqual(before);
    },
  );

  test('takes any safe integer for a seed', () => {
    for (const seed of [0, -1, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])
      expect(() => new Rng(seed)).not.toThrow();
  });
});
