import { checkDrawCount, sharedSize } from './check-options.js';
import { examples, type Examples, type StreamOptions } from './examples.js';
import { Excluding } from './excluding.js';
import type { Proposal } from './proposal.js';

/** Examples, each with negatives of its own user. */
export interface NegativeBatch extends Examples {
  /** Items outside of the user's history, shape [n, negatives], row by row. */
  readonly negatives: Int32Array;
  /** Log of the probability with which each negative was drawn, same shape. */
  readonly logQ: Float32Array;
}

/**
 * Streams (user, positive, negatives) for losses that compare a positive with negatives of the same user, such as
 * BPR and BCE. No negative stands in its user's history. Each batch is made of new arrays.
 *
 * @param options.proposal what to draw negatives from; over as many items as the histories have
 * @param options.negatives negatives an example, 1 by default
 * @throws TowerkitError `NO_NEGATIVES` at a user whose history covers everything that could be drawn,
 *   `SHAPE_MISMATCH` when the proposal is over another number of items, `BAD_OPTION`
 *
 * @example
 * ```ts
 * for (const batch of negativeStream({ histories, proposal: uniform(histories.cols), rng: new Rng(1) }))
 *   step(batch.users, batch.positives, batch.negatives);
 * ```
 */
export function* negativeStream(
  options: StreamOptions & { readonly proposal: Proposal; readonly negatives?: number },
): Generator<NegativeBatch, void, undefined> {
  const { histories, proposal, rng, negatives: count = 1 } = options;
  checkDrawCount(count);
  sharedSize([proposal], histories.cols);
  const others = new Excluding(proposal);
  for (const { users, positives } of examples(options)) {
    const negatives = new Int32Array(users.length * count);
    const logQ = new Float32Array(users.length * count);
    for (let row = 0, end = 0; row < users.length; row++) {
      others.exclude(histories.indices, histories.indptr[users[row]], histories.indptr[users[row] + 1]);
      for (let k = 0; k < count; k++, end++) {
        negatives[end] = others.draw(rng);
        logQ[end] = others.logProbability(negatives[end]);
      }
    }
    yield { users, positives, negatives, logQ };
  }
}
