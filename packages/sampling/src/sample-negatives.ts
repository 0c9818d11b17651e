import { TowerkitError, type Rng } from '@towerkit/core';

import { checkDrawCount } from './check-options.js';
import { Excluding } from './excluding.js';
import type { Proposal } from './proposal.js';

/** Negatives of one user, and what {@link sampleNegatives} writes into. */
export interface NegativeBuffers {
  /** Items drawn with replacement, shape [count] or longer. */
  readonly items: Int32Array;
  /** Log of the probability with which each was drawn, same shape. */
  readonly logQ: Float32Array;
}

/** One workspace per proposal, so that a call costs no more than its history and its draws. */
const workspaces = new WeakMap<Proposal, Excluding>();

/**
 * Draws negatives for one user, none of them in the user's history (for BPR, BCE and the like), with the exact
 * log q of the proposal without that history (see {@link Excluding}).
 *
 * @param options.proposal what to draw from
 * @param options.history the user's items, in any order; a row of a `CsrMatrix` as it is
 * @param options.count how many to draw, 1 by default
 * @param options.out where to write them; new arrays by default
 * @returns `out`
 * @throws TowerkitError `NO_NEGATIVES` when the history covers every item that could be drawn, `OUT_OF_RANGE`
 *   for a history's item outside [0, size), `CAPACITY` for buffers shorter than `count`
 */
export function sampleNegatives(options: {
  proposal: Proposal;
  history: ArrayLike<number>;
  rng: Rng;
  count?: number;
  out?: NegativeBuffers;
}): NegativeBuffers {
  const { proposal, history, rng, count = 1 } = options;
  checkDrawCount(count);
  const out = options.out ?? { items: new Int32Array(count), logQ: new Float32Array(count) };
  if (out.items.length < count || out.logQ.length < count)
    throw new TowerkitError('CAPACITY', `${count} negatives do not fit into the buffers given`);
  let others = workspaces.get(proposal);
  if (others === undefined) workspaces.set(proposal, (others = new Excluding(proposal)));
  others.exclude(history);
  for (let n = 0; n < count; n++) {
    const item = others.draw(rng);
    out.items[n] = item;
    out.logQ[n] = others.logProbability(item);
  }
  return out;
}
