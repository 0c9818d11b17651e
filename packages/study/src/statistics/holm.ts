/**
 * Holm's correction for how many tests there are (Holm 1979): the smallest p times their number, the next times one less, and so on,
 * none smaller than one before it and none above 1.
 *
 * @param p of each test, shape [n]
 * @returns in the same order, shape [n]
 * @example
 * ```ts
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 * ```
 */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => p[a] - p[b]);
  const corrected = new Array<number>(p.length);
  let least = 0;
  order.forEach((test, place) => {
    least = Math.max(least, Math.min(1, p[test] * (p.length - place)));
    corrected[test] = least;
  });
  return corrected;
}
