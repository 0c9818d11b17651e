import { expect } from '@jest/globals';

/** Expects arrays to agree to within `tolerance` of the second's largest entry. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual).toHaveLength(expected.length);
  let [difference, largest] = [0, 1e-30];
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
    expect(Number.isFinite(actual[i])).toBe(true);
  }
  expect(difference / largest).toBeLessThan(tolerance);
}
