import { incompleteBeta } from './incomplete-beta.js';
import { descendsTo } from './normal.js';

/** Probability that Student's t with `df` degrees of freedom is farther than `t` from 0: the two-sided p. */
export function studentTwoSided(t: number, df: number): number {
  if (!Number.isFinite(t)) return 0;
  const t2 = t * t;
  return incompleteBeta(df / (df + t2), df / 2, 0.5, t2 / (df + t2));
}

/** Cumulative distribution function of Student's t with `df` degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = studentTwoSided(t, df) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** How far from 0 Student's t with `df` degrees of freedom is with probability `1 - level`: 2.776 for .95 and 4. */
export function studentQuantile(level: number, df: number): number {
  return descendsTo(1 - level, (t) => studentTwoSided(t, df));
}
