import type { Reason } from '@towerkit/core';

/** The distinct items of a history, in order of first appearance: each is one term of a score, and one reason. */
export const distinctItems = (history: ArrayLike<number>): number[] =>
  Array.from(new Set(Array.from(history)));

/** Sorts reasons, in place, by the size of their weights; equal ones by item. */
export const weightiestFirst = (reasons: Reason[]): Reason[] =>
  reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item);

/** Reasons whose weight is not 0, as {@link weightiestFirst} sorts them: items that are no neighbors have none. */
export const sortedReasons = (reasons: readonly Reason[]): Reason[] =>
  weightiestFirst(reasons.filter(({ weight }) => weight !== 0));
