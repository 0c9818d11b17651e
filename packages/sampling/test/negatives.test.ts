import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, Rng } from '@towerkit/core';

import {
  Excluding,
  inBatch,
  mixture,
  negativeStream,
  popularity,
  sampleNegatives,
  uniform,
  type Proposal,
} from '../src/index.js';
import { chiSquared } from './chi-squared.js';

const refusal = (code: string) => expect.objectContaining({ code });
const counts = Int32Array.from({ length: 100 }, (_, i) => Math.floor(300 / (i + 1)));
const cases: [string, Proposal, number[]][] = [
  ['uniform, no history', uniform(100), []],
  ['uniform, a short history', uniform(100), [5, 3, 99, 3]],
  ['popularity without the most popular items', popularity(counts), [0, 1, 2, 3, 0]],
  [
    'a mixture',
    mixture([
      { proposal: uniform(100), weight: 1 },
      { proposal: inBatch(counts), weight: 1 },
    ]),
    [0, 50],
  ],
  ['nearly everything', popularity(counts), Array.from({ length: 97 }, (_, i) => i)],
];

describe.each(cases)('negatives: %s', (_, proposal, history) => {
  test('drawn with the probability told, never from the history (chi-squared, p > .001)', () => {
    const others = new Excluding(proposal).exclude(history);
    const rng = new Rng(1);
    const seen = new Int32Array(100);
    for (let n = 0; n < 200_000; n++) seen[others.draw(rng)]++;
    for (const item of history) {
      expect(seen[item]).toBe(0);
      expect(others.probability(item)).toBe(0);
      expect(others.logProbability(item)).toBe(-Infinity);
    }
    const { statistic, critical } = chiSquared(
      seen,
      Array.from(seen, (_, item) => others.probability(item)),
    );
    expect(statistic).toBeLessThan(critical);
  });

  test('what is left sums to 1 and is the proposal, scaled', () => {
    const others = new Excluding(proposal).exclude(history);
    const left = Array.from({ length: 100 }, (_, i) => i).filter((item) => !history.includes(item));
    const rest = left.reduce((sum, item) => sum + proposal.probability(item), 0);
    let sum = 0;
    for (const item of left) {
      sum += others.probability(item);
      expect(others.logProbability(item)).toBeCloseTo(Math.log(proposal.probability(item) / rest), 12);
    }
    expect(sum).toBeCloseTo(1, 12);
  });
});

describe('a history that covers nearly everything', () => {
  const size = 20_000;
  const all = Int32Array.from({ length: size }, (_, i) => i);
  // Two items are left, with 1e-9 of the mass and 2e-9: rejection alone would take minutes.
  const weights = new Float64Array(size).fill(1);
  weights[size - 2] = 1e-9 * size;
  weights[size - 1] = 2e-9 * size;

  test('is drawn from all the same, with exact log q', () => {
    const { items, logQ } = sampleNegatives({
      proposal: inBatch(weights),
      history: all.subarray(0, size - 2),
      count: 3000,
      rng: new Rng(2),
    });
    let last = 0;
    for (let n = 0; n < items.length; n++) {
      expect(items[n]).toBeGreaterThanOrEqual(size - 2);
      expect(logQ[n]).toBeCloseTo(Math.log(items[n] === size - 1 ? 2 / 3 : 1 / 3), 6);
      if (items[n] === size - 1) last++;
    }
    expect(Math.abs(last / 3000 - 2 / 3)).toBeLessThan(3.3 * Math.sqrt(2 / 9 / 3000));
  });

  test('rejection gives way to a look at every item once it has cost as much', () => {
    const looks = { count: 0 };
    const counting: Proposal = {
      size,
      probability: (item) => (looks.count++, uniform(size).probability(item)),
      logProbability: () => -Math.log(size),
      draw: (rng) => rng.integer(size),
    };
    const others = new Excluding(counting).exclude(all.subarray(1));
    const before = looks.count;
    const rng = new Rng(3);
    for (let n = 0; n < 200; n++) expect(others.draw(rng)).toBe(0);
    expect(looks.count - before).toBe(1); // item 0's, the only one not marked
  });

  test('nothing left: NO_NEGATIVES, at once, and the next history works', () => {
    const others = new Excluding(uniform(3));
    expect(() => others.exclude([0, 1, 2])).toThrow(refusal('NO_NEGATIVES'));
    expect(others.exclude([0, 1]).draw(new Rng(1))).toBe(2);
    expect(() => sampleNegatives({ proposal: inBatch([0, 4, 2]), history: [1, 2], rng: new Rng(1) })).toThrow(
      refusal('NO_NEGATIVES'),
    );
  });
});

describe('sampleNegatives', () => {
  test('writes where it is told, and repeats itself with the seed', () => {
    const proposal = uniform(10);
    const out = { items: new Int32Array(4).fill(-1), logQ: new Float32Array(4) };
    const options = { proposal, history: [1, 2], count: 3 };
    expect(sampleNegatives({ ...options, rng: new Rng(1), out })).toBe(out);
    expect(out.items[3]).toBe(-1);
    expect(out.logQ[0]).toBeCloseTo(-Math.log(8), 6);
    const again = sampleNegatives({ ...options, rng: new Rng(1) });
    expect([...again.items]).toEqual([...out.items.subarray(0, 3)]);
  });

  test('refuses what makes no sense', () => {
    const options = { proposal: uniform(4), history: [0], rng: new Rng(1) };
    const out = { items: new Int32Array(2), logQ: new Float32Array(1) };
    expect(() => sampleNegatives({ ...options, count: -1 })).toThrow(refusal('BAD_OPTION'));
    expect(() => sampleNegatives({ ...options, count: 2, out })).toThrow(refusal('CAPACITY'));
    expect(() => sampleNegatives({ ...options, history: [4] })).toThrow(refusal('OUT_OF_RANGE'));
    expect(() => sampleNegatives({ ...options, history: [NaN] })).toThrow(refusal('OUT_OF_RANGE'));
  });
});

describe('negativeStream', () => {
  const histories = CsrMatrix.fromPairs(3, 6, [0, 0, 1, 2, 2, 2], [4, 1, 0, 5, 5, 2]);

  test('every interaction once an epoch, negatives outside of each user’s history', () => {
    const rng = new Rng(9);
    const options = { histories, proposal: uniform(6), negatives: 2, batchSize: 4, epochs: 2, rng };
    const seen: string[] = [];
    const sizes: number[] = [];
    for (const { users, positives, negatives, logQ } of negativeStream(options)) {
      sizes.push(users.length);
      for (let row = 0; row < users.length; row++) {
        seen.push(`${users[row]}-${positives[row]}`);
        const history = new Set(histories.row(users[row]));
        for (const at of [2 * row, 2 * row + 1]) {
          expect(history.has(negatives[at])).toBe(false);
          expect(logQ[at]).toBeCloseTo(-Math.log(6 - history.size), 6);
        }
      }
    }
    expect(sizes).toEqual([4, 2, 4, 2]);
    const expected = ['0-1', '0-4', '1-0', '2-2', '2-5', '2-5'];
    expect(seen.slice(0, 6).sort()).toEqual(expected);
    expect(seen.slice(6).sort()).toEqual(expected);
    expect(seen.slice(0, 6)).not.toEqual(seen.slice(6));
  });

  test('is seeded, and ends where there is nothing to do', () => {
    const run = (seed: number) =>
      JSON.stringify([...negativeStream({ histories, proposal: uniform(6), rng: new Rng(seed) })]);
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
    const nobody = CsrMatrix.fromPairs(2, 6, [], []);
    const endless = { histories: nobody, proposal: uniform(6), rng: new Rng(1), epochs: Infinity };
    expect([...negativeStream(endless)]).toEqual([]);
  });

  test.each([
    ['SHAPE_MISMATCH', { proposal: uniform(5) }],
    ['BAD_OPTION', { batchSize: 0 }],
    ['BAD_OPTION', { epochs: NaN }],
    ['BAD_OPTION', { negatives: -1 }],
    ['NO_NEGATIVES', { proposal: inBatch([0, 1, 0, 0, 1, 0]) }],
  ])('%s for %o', (code, wrong) => {
    const options = { histories, proposal: uniform(6), rng: new Rng(1), ...wrong };
    expect(() => [...negativeStream(options)]).toThrow(refusal(code));
  });
});
