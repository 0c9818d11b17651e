import { describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';

import { CandidateSampler, GroupedTargets, uniform } from '../src/index.js';

const refusal = (code: string) => expect.objectContaining({ code });

/** Share of the ways to draw `drawn` of `n` groups that leave out the first `held`, by counting them. */
function absent(n: number, held: number, drawn: number): number {
  let [all, without] = [0, 0];
  for (let set = 0; set < 2 ** n; set++) {
    let size = 0;
    for (let g = 0; g < n; g++) size += (set >> g) & 1;
    if (size !== drawn) continue;
    all++;
    if ((set & (2 ** held - 1)) === 0) without++;
  }
  return without / all;
}

describe('GroupedTargets', () => {
  test('equals counting, for every size of batch, in any order', () => {
    const n = 7;
    const counts = Int32Array.of(0, 1, 2, 3, 5, 6);
    const targets = new GroupedTargets(counts, n);
    for (const batch of [3, 1, 7, 2, 4, 6, 5])
      for (let item = counts.length - 1; item >= 0; item--) {
        const negative = Math.exp(-targets.batchOf(batch).decay(item));
        expect(negative).toBeCloseTo(absent(n - 1, counts[item], batch - 1), 12);
        const target = Math.exp(-targets.targetDecay(item));
        expect(target).toBeCloseTo(absent(n - 1, Math.max(0, counts[item] - 1), batch - 1), 12);
        expect(Math.exp(-targets.ownDecay)).toBeCloseTo(1 - batch / n, 12);
      }
  });

  test('a case worked by hand', () => {
    // 3 of 10 groups; 4 hold the item. Two others of nine: neither of the four with 5/9 * 4/8, of three with 6/9 * 5/8.
    const targets = new GroupedTargets(Int32Array.of(4), 10).batchOf(3);
    expect(targets.decay(0)).toBeCloseTo(-Math.log(20 / 72), 14);
    expect(targets.targetDecay(0)).toBeCloseTo(-Math.log(30 / 72), 14);
  });

  test('tiny probabilities keep their digits', () => {
    const targets = new GroupedTargets(Int32Array.of(1), 1e9 + 1).batchOf(2);
    expect(targets.decay(0)).toBeCloseTo(1.0000000005e-9, 24);
  });

  test('refuses what cannot be', () => {
    expect(() => new GroupedTargets(Int32Array.of(0), 0)).toThrow(refusal('BAD_OPTION'));
    expect(() => new GroupedTargets(Int32Array.of(1), 2).batchOf(3)).toThrow(refusal('BAD_OPTION'));
    expect(() => new GroupedTargets(Int32Array.of(1), 2).batchOf(0)).toThrow(refusal('BAD_OPTION'));
  });
});

describe('CandidateSampler with grouped targets', () => {
  const targets = new GroupedTargets(Int32Array.of(2, 1, 1, 0), 4).batchOf(2);
  const buffers = () => ({
    items: new Int32Array(4),
    logQ: new Float32Array(4),
    positions: new Int32Array(2),
    targetLogQ: new Float32Array(2),
  });

  test('mixes them with the draws', () => {
    const sampler = new CandidateSampler({ proposals: [{ proposal: uniform(4), count: 2 }] });
    const out = buffers();
    sampler.sample(Int32Array.of(0, 1), 2, new Rng(1), out, targets);
    // No draw is the item with (3/4)^2. One other group of three: none of the two that hold item 0 with 1/3.
    expect(out.logQ[out.positions[0]]).toBeCloseTo(Math.log(1 - 9 / 16 / 3), 6);
    expect(out.logQ[out.positions[1]]).toBeCloseTo(Math.log(1 - (9 / 16) * (2 / 3)), 6);
    // As a target, its own group aside: one of three holds item 0, none item 1.
    expect(out.targetLogQ[0]).toBeCloseTo(Math.log(1 - (9 / 16) * (2 / 3)), 6);
    expect(out.targetLogQ[1]).toBeCloseTo(Math.log(7 / 16), 6);
  });

  test('where nothing else can bring a target, its own group does', () => {
    const sampler = new CandidateSampler({ proposals: [{ proposal: uniform(4), count: 0 }] });
    const out = buffers();
    sampler.sample(Int32Array.of(0, 1), 2, new Rng(1), out, targets);
    expect(out.targetLogQ[0]).toBeCloseTo(Math.log(1 / 3), 6);
    expect(out.targetLogQ[1]).toBeCloseTo(Math.log(2 / 4), 6);
  });

  test('without groups a target has the log q of its column, and needs room for it', () => {
    const sampler = new CandidateSampler({ proposals: [{ proposal: uniform(4), count: 2 }] });
    const out = buffers();
    sampler.sample(Int32Array.of(3, 3), 2, new Rng(1), out);
    expect([...out.targetLogQ]).toEqual([out.logQ[0], out.logQ[0]]);
    const short = { ...buffers(), targetLogQ: new Float32Array(1) };
    expect(() => sampler.sample(Int32Array.of(3, 3), 2, new Rng(1), short)).toThrow(refusal('CAPACITY'));
  });
});
