import type { Rng } from '@towerkit/core';

/*
 * Everything a shop draws uses +, -, *, / and square roots alone: IEEE 754 fixes these to the last bit, while
 * `Math.exp`, `log` and `cos` may differ from one engine or processor to the next.
 */

/** One element, each as likely as any other. */
export const pick = <T>(rng: Rng, from: readonly T[]): T => from[rng.integer(from.length)];

/** About normal, mean 0 and standard deviation 1: twelve uniforms less six (Irwin-Hall), within [-6, 6]. */
export function bell(rng: Rng): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += rng.uniform();
  return sum;
}

/**
 * An index drawn with chance `weights[i] / total`.
 *
 * @param weights non-negative, shape [n]
 * @param total their sum, added up from first to last
 */
export function drawIndex(rng: Rng, weights: ArrayLike<number>, total: number): number {
  let left = rng.uniform() * total;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    left -= weights[i];
    if (left < 0) return i;
    last = i;
  }
  return last; // rounding left a crumb beyond the end
}

/** Sum from first to last. */
export function sum(weights: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  return total;
}

/** Weight of a thing whose popularity rank is the fraction `rank` in [0, 1): a Zipf curve of exponent 3/4. */
export function popularityAt(rank: number): number {
  const root = Math.sqrt(rank + 0.12);
  return 1 / (root * Math.sqrt(root));
}
