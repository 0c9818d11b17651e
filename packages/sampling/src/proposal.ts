import type { Rng } from '@towerkit/core';

/**
 * A probability distribution over the item ids [0, size) that says with what probability it draws each: what
 * importance weights and the log q correction of a sampled softmax need.
 */
export interface Proposal {
  /** Number of items; ids are 0 .. size - 1. */
  readonly size: number;
  /** Probability of one draw giving `item`, in float64; 0 for anything outside [0, size). */
  probability(item: number): number;
  /** Natural logarithm of {@link probability}; -Infinity where that is 0. */
  logProbability(item: number): number;
  /** One item, drawn with replacement. */
  draw(rng: Rng): number;
  /**
   * Writes draws to `out[from .. to)`, the same ones that as many calls of {@link draw} would give; for proposals
   * that are quicker in bulk.
   */
  drawMany?(rng: Rng, out: Int32Array, from: number, to: number): void;
}
