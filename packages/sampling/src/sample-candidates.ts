import type { Rng } from '@towerkit/core';

import { CandidateSampler, type CandidateBuffers, type CandidateOptions } from './candidate-sampler.js';

/**
 * Draws the candidates of one batch into arrays of its own: {@link CandidateSampler} for a single use, which
 * takes time in proportion to the number of items.
 *
 * @param options.positives target of each row, in [0, size)
 * @returns items, log q, and the index of each positive among the items
 * @throws TowerkitError as {@link CandidateSampler} and its `sample`
 */
export function sampleCandidates(
  options: CandidateOptions & { readonly positives: Int32Array; readonly rng: Rng },
): CandidateBuffers {
  const { positives, rng } = options;
  const sampler = new CandidateSampler(options);
  const needed = sampler.capacity(positives.length);
  const out = {
    items: new Int32Array(needed),
    logQ: new Float32Array(needed),
    positions: new Int32Array(positives.length),
  };
  const count = sampler.sample(positives, positives.length, rng, out);
  return { ...out, items: out.items.slice(0, count), logQ: out.logQ.slice(0, count) };
}
