/** The distinct items of a history, in order of first appearance. */
export const distinctItems = (history: ArrayLike<number>): number[] =>
  Array.from(new Set(Array.from(history)));
