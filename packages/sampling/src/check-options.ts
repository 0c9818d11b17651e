import { TowerkitError } from '@towerkit/core';

import type { Proposal } from './proposal.js';

/**
 * The number of items that all of the proposals range over.
 *
 * @param size what it must be; the first proposal's by default
 * @throws TowerkitError `SHAPE_MISMATCH` when they differ
 */
export function sharedSize(proposals: readonly Proposal[], size = proposals[0].size): number {
  for (const proposal of proposals)
    if (proposal.size !== size)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `a proposal over ${proposal.size} items does not go with ${size}`,
      );
  return size;
}

/**
 * Refuses a number of draws that is not 0, 1, 2, ...
 *
 * @throws TowerkitError `BAD_OPTION`
 */
export function checkDrawCount(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new TowerkitError('BAD_OPTION', `a number of draws must be 0, 1, 2, ..., got ${count}`);
}
