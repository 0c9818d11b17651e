import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import {
  CandidateSampler,
  inBatch,
  mixture,
  popularity,
  sampleCandidates,
  uniform,
  type Proposal,
} from '../src/index.js';
import { logOneMinusExp } from '../src/decay.js';

const refusal = (code: string) => expect.objectContaining({ code });
const buffers = (size: number) => ({
  items: new Int32Array(size),
  logQ: new Float32Array(size),
  positions: new Int32Array(size),
});

/** The same candidates by the plainest means. */
function naive(
  positives: number[],
  parts: { proposal: Proposal; count: number }[],
  target: Proposal,
  rng: Rng,
) {
  const items = [...new Set(positives)];
  for (const { proposal, count } of parts)
    for (let n = 0; n < count; n++) {
      const item = proposal.draw(rng);
      if (!items.includes(item)) items.push(item);
    }
  const logQ = items.map((item) => {
    let absent = (1 - target.probability(item)) ** positives.length;
    for (const { proposal, count } of parts) absent *= (1 - proposal.probability(item)) ** count;
    return Math.log(1 - absent);
  });
  return { items, logQ, positions: positives.map((item) => items.indexOf(item)) };
}

describe('logOneMinusExp', () => {
  test.each([
    // from 400-digit decimals
    [1e-300, -690.7755278982137],
    [1e-17, -39.14394658089878],
    [1e-5, -11.512930464966061],
    [0.01, -4.610166019324897],
    [0.1, -2.3521684610440907],
    [0.2499, -1.5090437102184224],
    [0.2501, -1.508339547842919],
    [Math.LN2, -Math.LN2],
    [5, -0.006760749449488557],
    [50, -1.9287498479639178e-22],
  ])('at %d', (x, expected) => {
    expect(Math.abs(logOneMinusExp(x) / expected - 1)).toBeLessThan(1e-14);
  });

  test('nothing never comes, and what must come has probability 1', () => {
    expect(logOneMinusExp(0)).toBe(-Infinity);
    expect(logOneMinusExp(Infinity)).toBeCloseTo(0, 15);
  });
});

describe('CandidateSampler', () => {
  test('equals the naive computation, call after call of one workspace', () => {
    const rng = new Rng(1);
    const counts = Array.from({ length: 60 }, (_, i) => 1 + (i % 13));
    const target = inBatch(counts);
    const hidden: Proposal = { ...wrap(uniform(60)) }; // a proposal of the user's own, without drawMany
    const parts = [
      { proposal: uniform(60), count: 9 },
      { proposal: popularity(counts), count: 5 },
      { proposal: hidden, count: 2 },
      { proposal: uniform(60), count: 0 },
    ];
    const sampler = new CandidateSampler({ proposals: parts, targetProposal: target });
    const out = buffers(60);
    for (let call = 0; call < 200; call++) {
      const positives = Int32Array.from({ length: rng.integer(15) }, () => target.draw(rng));
      const twin = new Rng(0);
      twin.state = rng.state;
      const count = sampler.sample(positives, positives.length, rng, out);
      const expected = naive([...positives], parts, target, twin);
      expect([...out.items.subarray(0, count)]).toEqual(expected.items);
      expect([...out.positions.subarray(0, positives.length)]).toEqual(expected.positions);
      for (let c = 0; c < count; c++) {
        expect(Math.abs(out.logQ[c] - expected.logQ[c])).toBeLessThan(1e-6);
        expect(sampler.logInclusion(out.items[c], positives.length)).toBeCloseTo(expected.logQ[c], 12);
      }
      const columns = Array.from({ length: 60 }, (_, item) => expected.items.indexOf(item));
      expect([...sampler.columnOf]).toEqual(columns);
    }
  });

  test('a case worked by hand', () => {
    // Uniform over 4, two draws; two positives, item 0 with probability 1/2: 1 - (1/2)^2 (3/4)^2 = 55/64.
    const sampler = new CandidateSampler({
      proposals: [{ proposal: uniform(4), count: 2 }],
      targetProposal: inBatch([2, 1, 1, 0]),
    });
    expect(sampler.logInclusion(0, 2)).toBeCloseTo(Math.log(55 / 64), 15);
    expect(sampler.logInclusion(3, 2)).toBeCloseTo(Math.log(7 / 16), 15);
    expect(sampler.logInclusion(3, 0)).toBeCloseTo(Math.log(7 / 16), 15);
  });

  test('tiny probabilities keep their digits', () => {
    const counts = [1e18, 1];
    const sampler = new CandidateSampler({
      proposals: [{ proposal: inBatch(counts), count: 3 }],
      targetProposal: inBatch(counts),
    });
    expect(sampler.logInclusion(1, 4)).toBeCloseTo(Math.log(7e-18), 13);
  });

  test('log q is the log of the frequency with which an item gets in (Monte Carlo)', () => {
    const counts = [40, 20, 10, 5, 5, 3, 2, 1, 1, 1, 0, 0];
    const target = inBatch(counts);
    const sampler = new CandidateSampler({
      proposals: [
        { proposal: uniform(12), count: 4 },
        { proposal: popularity(counts), count: 3 },
      ],
      targetProposal: target,
    });
    const rng = new Rng(2);
    const out = buffers(12);
    const seen = new Int32Array(12);
    const positives = new Int32Array(5);
    const rounds = 100_000;
    for (let round = 0; round < rounds; round++) {
      for (let p = 0; p < 5; p++) positives[p] = target.draw(rng);
      const count = sampler.sample(positives, 5, rng, out);
      for (let c = 0; c < count; c++) seen[out.items[c]]++;
    }
    for (let item = 0; item < 12; item++) {
      const q = Math.exp(sampler.logInclusion(item, 5));
      // 12 two-sided tests at p = .001 together
      expect(Math.abs(seen[item] / rounds - q)).toBeLessThan(3.94 * Math.sqrt((q * (1 - q)) / rounds));
    }
  });

  test('the corrected candidates estimate the partition function of the full softmax without bias', () => {
    const counts = Array.from({ length: 50 }, (_, i) => 1 + Math.floor(100 / (i + 1)));
    const target = inBatch(counts);
    const sampler = new CandidateSampler({
      proposals: [{ proposal: uniform(50), count: 10 }],
      targetProposal: target,
    });
    const score = (item: number) => 2 * Math.cos(3 * item);
    let truth = 0;
    for (let item = 0; item < 50; item++) truth += Math.exp(score(item));
    const rng = new Rng(3);
    const out = buffers(50);
    const positives = new Int32Array(8);
    const rounds = 20_000;
    let sum = 0;
    let squares = 0;
    for (let round = 0; round < rounds; round++) {
      for (let p = 0; p < 8; p++) positives[p] = target.draw(rng);
      const count = sampler.sample(positives, 8, rng, out);
      let z = 0;
      for (let c = 0; c < count; c++) z += Math.exp(score(out.items[c]) - out.logQ[c]);
      sum += z;
      squares += z * z;
    }
    const mean = sum / rounds;
    const error = Math.sqrt((squares / rounds - mean ** 2) / rounds);
    expect(Math.abs(mean - truth)).toBeLessThan(3.3 * error);
    expect(error / truth).toBeLessThan(0.01);
  });

  test('sampleCandidates gives arrays of just the right length', () => {
    const { items, logQ, positions } = sampleCandidates({
      positives: Int32Array.of(7, 3, 7),
      proposals: [{ proposal: uniform(10), count: 4 }],
      targetProposal: uniform(10),
      rng: new Rng(4),
    });
    expect([...items.subarray(0, 2)]).toEqual([7, 3]);
    expect([...positions]).toEqual([0, 1, 0]);
    expect(logQ.length).toBe(items.length);
    expect(new Set(items).size).toBe(items.length);
    for (const q of logQ) expect(q).toBeCloseTo(Math.log(1 - 0.9 ** 7), 6);
  });

  test('an item that must come has log q 0, without positives too', () => {
    const sampler = new CandidateSampler({
      proposals: [{ proposal: uniform(1), count: 2 }],
      targetProposal: uniform(1),
    });
    const out = buffers(1);
    for (const positives of [Int32Array.of(0), new Int32Array(0)]) {
      expect(sampler.sample(positives, positives.length, new Rng(5), out)).toBe(1);
      expect(Math.abs(out.logQ[0])).toBe(0);
    }
    const certain = new CandidateSampler({ proposals: [], targetProposal: inBatch([1, 0]) });
    expect(certain.logInclusion(0, 0)).toBe(-Infinity);
    expect(certain.sample(new Int32Array(0), 0, new Rng(5), buffers(2))).toBe(0);
  });

  test('a mixture can be one of the proposals', () => {
    const both = mixture([
      { proposal: uniform(6), weight: 1 },
      { proposal: inBatch([1, 2, 3, 4, 5, 6]), weight: 1 },
    ]);
    const sampler = new CandidateSampler({ proposals: [{ proposal: both, count: 3 }] });
    expect(sampler.logInclusion(0, 9)).toBeCloseTo(Math.log(1 - (1 - 1 / 12 - 1 / 42) ** 3), 14);
  });

  test('refusals leave the workspace fit for use', () => {
    const sampler = new CandidateSampler({ proposals: [{ proposal: inBatch([1, 1, 0]), count: 1 }] });
    const rng = new Rng(6);
    const sample = (positives: number[], count = positives.length, out = buffers(9)) =>
      sampler.sample(Int32Array.from(positives), count, rng, out);
    expect(() => sample([0, 3])).toThrow(refusal('OUT_OF_RANGE'));
    expect(() => sample([-1])).toThrow(refusal('OUT_OF_RANGE'));
    expect(() => sample([0], 2)).toThrow(refusal('CAPACITY'));
    expect(() => sample([0, 1], 2, buffers(1))).toThrow(refusal('CAPACITY'));
    expect(() => sample([2])).toThrow(refusal('ZERO_PROBABILITY'));
    expect(sample([1, 1])).toBeLessThanOrEqual(2);
    expect(sampler.columnOf[2]).toBe(-1);
  });

  test('refuses options that make no sense', () => {
    const make = (...args: ConstructorParameters<typeof CandidateSampler>) => new CandidateSampler(...args);
    expect(() => make({ proposals: [] })).toThrow(refusal('BAD_OPTION'));
    expect(() => make({ proposals: [{ proposal: uniform(3), count: -1 }] })).toThrow(refusal('BAD_OPTION'));
    expect(() =>
      make({ proposals: [{ proposal: uniform(3), count: 1 }], targetProposal: uniform(4) }),
    ).toThrow(refusal('SHAPE_MISMATCH'));
  });
});

function wrap(proposal: Proposal): Proposal {
  return {
    size: proposal.size,
    probability: (item) => proposal.probability(item),
    logProbability: (item) => proposal.logProbability(item),
    draw: (rng) => proposal.draw(rng),
  };
}
