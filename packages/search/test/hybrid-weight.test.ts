import { expect, test } from '@jest/globals';

import { chooseWeight, USUAL_WEIGHT, WEIGHTS } from '../src/model/hybrid-weight.js';

/** Values of which that of one weight is the best. */
const bestAt = (weight: number) => WEIGHTS.map((one) => (one === weight ? 0.6 : 0.5));

test('the best weight of many queries is taken about as it is, that of few is drawn to the usual one', () => {
  const [few, many] = [chooseWeight(bestAt(6), 20), chooseWeight(bestAt(6), 2_000)];
  expect(few).toBeCloseTo((20 * 6 + 100 * USUAL_WEIGHT) / 120, 3);
  expect(many).toBeGreaterThan(5.7);
  expect(chooseWeight(bestAt(0), 20)).toBeLessThan(USUAL_WEIGHT);
});

test('where no weight is better than the usual one, that is taken', () => {
  expect(
    chooseWeight(
      WEIGHTS.map(() => 0.5),
      500,
    ),
  ).toBe(USUAL_WEIGHT);
});
