import { CandidateSampler, type CandidateBuffers, type CandidateOptions } from './candidate-sampler.js';
import { examples, type Examples, type StreamOptions } from './examples.js';
import { HistoryMask } from './history-mask.js';
import { inBatch } from './popularity.js';
import { sharedSize } from './check-options.js';

/** Examples with the candidates they share: everything a sampled softmax needs. */
export interface CandidateBatch extends Examples, CandidateBuffers {
  /** (row, column) of each candidate that stands in the row's user's history, shape [pairs, 2]. */
  readonly mask: Int32Array;
}

/**
 * Streams batches for a sampled softmax: examples, the candidates shared by all of them with their log q, and the
 * history mask. Each batch is made of new arrays.
 *
 * @param options.proposals what to draw the shared negatives from, and how many a batch
 * @param options.targetProposal the distribution of positives; by default the histories' own item counts
 * @throws TowerkitError as {@link CandidateSampler}; `SHAPE_MISMATCH` when a proposal is over another number of
 *   items than the histories
 */
export function* candidateStream(
  options: StreamOptions & CandidateOptions,
): Generator<CandidateBatch, void, undefined> {
  const { histories, proposals, rng } = options;
  const targetProposal = options.targetProposal ?? inBatch(histories.columnCounts());
  sharedSize([targetProposal], histories.cols);
  const sampler = new CandidateSampler({ proposals, targetProposal });
  const historyMask = new HistoryMask(histories);
  for (const { users, positives } of examples(options)) {
    const rows = users.length;
    const items = new Int32Array(sampler.capacity(rows));
    const logQ = new Float32Array(items.length);
    const positions = new Int32Array(rows);
    const count = sampler.sample(positives, rows, rng, { items, logQ, positions });
    const out = new Int32Array(2 * historyMask.bound(users, rows));
    const pairs = historyMask.pairs({ users, rows, positions, columnOf: sampler.columnOf, out });
    yield {
      users,
      positives,
      items: items.slice(0, count),
      logQ: logQ.slice(0, count),
      positions,
      mask: out.slice(0, 2 * pairs),
    };
  }
}
