import { describe, expect, test } from '@jest/globals';

import { frequencyScores, Rng, type FrequencyTerm } from '../src/index.js';

/** The formula of the docstring, item by item. */
function naive(history: readonly number[], { bonus, weight, halfLife }: Required<FrequencyTerm>) {
  const after = history.length - 1;
  return new Map(
    [...new Set(history)].map((item) => {
      const counts = history.map((other, place) =>
        other === item ? Math.pow(0.5, (after - place) / halfLife) : 0,
      );
      return [item, bonus + weight * Math.log(counts.reduce((sum, count) => sum + count))];
    }),
  );
}

const randomHistory = (rng: Rng) =>
  Array.from({ length: rng.integer(40) }, () => 3 * rng.integer(1 + rng.integer(12)));

function expectClose(actual: ReadonlyMap<number, number>, expected: ReadonlyMap<number, number>) {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [item, more] of expected) expect(actual.get(item)).toBeCloseTo(more, 9);
}

describe('frequencyScores', () => {
  test('is the formula, for histories of any length with repeats', () => {
    const rng = new Rng(11);
    for (let run = 0; run < 500; run++) {
      const history = randomHistory(rng);
      const term = { bonus: rng.normal(), weight: rng.normal(), halfLife: 0.5 + 50 * rng.uniform() };
      expectClose(frequencyScores(history, term), naive(history, term));
      expectClose(frequencyScores(Int32Array.from(history), term), naive(history, term));
    }
  });

  test('what is not said is no bonus, weight 1 and no half-life', () => {
    const rng = new Rng(12);
    const usual = { bonus: 0, weight: 1, halfLife: Infinity };
    for (let run = 0; run < 200; run++) {
      const history = randomHistory(rng);
      const own = { bonus: rng.normal(), weight: rng.normal(), halfLife: 0.5 + 50 * rng.uniform() };
      expectClose(frequencyScores(history), naive(history, usual));
      for (const name of ['bonus', 'weight', 'halfLife'] as const) {
        const one = { [name]: own[name] };
        expectClose(frequencyScores(history, one), naive(history, { ...usual, ...one }));
        const others = { ...own, [name]: undefined };
        expectClose(frequencyScores(history, others), naive(history, { ...own, [name]: usual[name] }));
      }
    }
    expect([...frequencyScores([4, 7, 4])]).toEqual([
      [4, Math.log(2)],
      [7, 0],
    ]);
    expect(frequencyScores([], { bonus: 3 }).size).toBe(0);
  });

  test('an item counts half after the half-life, and the newest wholly', () => {
    const scores = frequencyScores([1, 2, 3, 4, 5], { bonus: 10, weight: 1 / Math.LN2, halfLife: 2 });
    [8, 8.5, 9, 9.5, 10].forEach((score, place) => expect(scores.get(place + 1)).toBeCloseTo(score, 9));
  });

  test('an item that is too old for a float still scores a finite number, below all newer ones', () => {
    const history = [9, ...Array.from({ length: 5000 }, (_, place) => place % 7)];
    const scores = frequencyScores(history, { bonus: 3, weight: 2, halfLife: 1 });
    const old = scores.get(9)!;
    expect(old).toBe(3 + 2 * Math.log(Number.MIN_VALUE));
    for (let item = 0; item < 7; item++) expect(scores.get(item)).toBeGreaterThan(old);
    expect(frequencyScores(history, { bonus: 3, weight: 0, halfLife: 1e-300 }).get(9)).toBe(3);
    expect(frequencyScores(history, { weight: -1, halfLife: 1 }).get(9)).toBe(-Math.log(Number.MIN_VALUE));
  });

  test.each<FrequencyTerm>([
    { halfLife: 0 },
    { halfLife: -1 },
    { halfLife: NaN },
    { bonus: NaN },
    { bonus: Infinity },
    { weight: NaN },
    { weight: -Infinity },
  ])('%p is refused', (term) => {
    const [option] = Object.keys(term);
    expect(() => frequencyScores([1], term)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', details: expect.objectContaining({ option }) }),
    );
  });
});
