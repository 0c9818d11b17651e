/**
 * Probability that a standard normal variable is farther than `z` from 0, through the series
 * erf(x) = 2 / sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!! (DLMF 7.6.2); absolute error about 1e-15.
 */
export function normalTwoSided(z: number): number {
  const x2 = (z * z) / 2;
  if (x2 > 700) return 0;
  let term = Math.sqrt(x2);
  let sum = 0;
  for (let n = 0; sum + term !== sum; n++) {
    sum += term;
    term *= (2 * x2) / (2 * n + 3);
  }
  return Math.max(0, 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x2) * sum);
}

/** How far from 0 a standard normal variable is with probability `1 - level`: 1.96 for .95. */
export function normalQuantile(level: number): number {
  return descendsTo(1 - level, normalTwoSided);
}

/** Where a function that does not rise, and starts above `level` at 0, comes down to `level`: by bisection. */
export function descendsTo(level: number, f: (x: number) => number): number {
  let low = 0;
  let high = 1;
  while (f(high) > level) high *= 2;
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
    if (f(middle) > level) low = middle;
    else high = middle;
  return high;
}
