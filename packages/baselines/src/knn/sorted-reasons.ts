import type { Reason } from '@towerkit/core';

/** Reasons that say something, the weightiest first; equal ones in order of item. */
export const sortedReasons = (reasons: readonly Reason[]): Reason[] =>
  reasons
    .filter(({ weight }) => weight !== 0)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item);
