import { TowerkitError } from '@towerkit/core';

import { mixture } from './mixture.js';
import { nearby, type NearbyProposalOptions } from './nearby.js';
import { inBatch, popularity } from './popularity.js';
import type { Proposal } from './proposal.js';
import { uniform } from './uniform.js';

/** A proposal as plain data, for a configuration file or a message to a worker thread. */
export type ProposalSpec =
  | { readonly kind: 'uniform' }
  | { readonly kind: 'popularity'; readonly power?: number; readonly smoothing?: number }
  | { readonly kind: 'in-batch' }
  | ({ readonly kind: 'nearby' } & NearbyProposalOptions)
  | {
      readonly kind: 'mixture';
      readonly parts: readonly { readonly spec: ProposalSpec; readonly weight: number }[];
    };

/**
 * The proposal that a spec describes.
 *
 * @param spec what kind, with its options
 * @param data.counts how often each item occurs in training, shape [size]; gives the number of items too
 * @throws TowerkitError `BAD_SPEC` for an unknown kind; whatever the proposal's own constructor throws
 */
export function createProposal(spec: ProposalSpec, data: { counts: ArrayLike<number> }): Proposal {
  switch (spec?.kind) {
    case 'uniform':
      return uniform(data.counts.length);
    case 'popularity':
      return popularity(data.counts, spec);
    case 'in-batch':
      return inBatch(data.counts);
    case 'nearby':
      return nearby(data.counts, spec);
    case 'mixture':
      return mixture(
        spec.parts.map(({ spec: part, weight }) => ({ proposal: createProposal(part, data), weight })),
      );
    default:
      throw new TowerkitError('BAD_SPEC', `no proposal of the kind ${JSON.stringify(spec)}`, {
        hint: 'the kinds are uniform, popularity, in-batch, nearby and mixture',
      });
  }
}
