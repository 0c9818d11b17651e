/**
 * How many of `scores[from .. to]` are `threshold` or more; -1 when any of them is not finite.
 *
 * This is the inner loop of full ranking. A comparison turned into a number compiles to a flag and not to a jump, so
 * the time does not depend on the rank (a jump is mispredicted for every other item in the middle of the ranking and
 * costs eight times as much); four at a time let the loads overlap. A finite score times 0 is 0, anything else NaN:
 * one sum tells whether all were finite (it is a double, which no four float32 overflow).
 */
export function countAtLeast(scores: Float32Array, from: number, to: number, threshold: number): number {
  let count = 0;
  let zero = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const a = scores[i];
    const b = scores[i + 1];
    const c = scores[i + 2];
    const d = scores[i + 3];
    count += +(a >= threshold) + +(b >= threshold) + +(c >= threshold) + +(d >= threshold);
    zero += (a + b + (c + d)) * 0;
  }
  for (; i < to; i++) {
    count += +(scores[i] >= threshold);
    zero += scores[i] * 0;
  }
  return zero === 0 ? count : -1;
}
