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

  test('integers are uniform (chi-squared, 9 degrees of freedom, p > .001)', () => {
    const rng = new Rng(5);
    const counts = new Array(10).fill(0);
    for (let i = 0; i < 100_000; i++) counts[rng.integer(10)]++;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(27.88);
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
    expect(() => new Rng(0.5)).toThrow(expect.objectContaining({ code: 'BAD_SEED' }));
  });
});
