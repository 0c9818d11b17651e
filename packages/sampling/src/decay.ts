import type { Proposal } from './proposal.js';

/**
 * -log(1 - q(i)), finite even for an item that is certain (0 draws times infinity is not 0) and for a q that
 * rounding put above 1.
 */
export function decayOf(proposal: Proposal, item: number): number {
  return Math.min(1e300, -Math.log1p(-Math.min(1, proposal.probability(item))));
}

/**
 * log(1 - e^-x) for x >= 0, to float64 precision, however small or large x is. With x = -sum of n log(1 - q) it
 * is the log of the probability that something of probability q turns up in n draws.
 *
 * For small x the series of log((1 - e^-x) / x) costs one logarithm instead of an expm1 and a logarithm, and
 * nothing cancels (for the other branch see Maechler 2012, "Accurately computing log(1 - exp(-|a|))").
 */
export function logOneMinusExp(x: number): number {
  if (x > 0.25) return Math.log1p(-Math.exp(-x));
  const y = x * x;
  return Math.log(x) - x / 2 + y * (1 / 24 + y * (-1 / 2880 + y * (1 / 181440 - y / 9676800)));
}
