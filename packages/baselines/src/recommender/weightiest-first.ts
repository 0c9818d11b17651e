import type { Reason } from '@towerkit/core';

/** Sorts reasons, in place, by the size of their weights; equal ones by item. */
export const weightiestFirst = (reasons: Reason[]): Reason[] =>
  reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item);
