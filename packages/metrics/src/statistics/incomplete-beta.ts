import { logGamma } from './log-gamma.js';

const TINY = 1e-300;
/** About sqrt(max(a, b)) steps are needed: this is enough for tens of millions of users. */
const MOST_STEPS = 100_000;

/**
 * The regularized incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22) evaluated with
 * Lentz' method.
 *
 * @param y 1 - x, where the caller knows it better than the subtraction does
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  // The fraction converges quickly below the mean of the distribution only.
  return x > (a + 1) / (a + b + 2) ? 1 - lowerPart(y, b, a, x) : lowerPart(x, a, b, y);
}

function lowerPart(x: number, a: number, b: number, y: number): number {
  const logX = x > 0.5 ? Math.log1p(-y) : Math.log(x);
  const logY = y > 0.5 ? Math.log1p(-x) : Math.log(y);
  const front = Math.exp(a * logX + b * logY + logGamma(a + b) - logGamma(a) - logGamma(b)) / a;
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** Keeps a denominator away from zero. */
function away(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
