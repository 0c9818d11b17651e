import type { CsrMatrix } from '@towerkit/core';

/**
 * The mean of the ratings that a model was trained on, as its manifest notes it: what is predicted where nothing is known.
 *
 * @param histories training rows; nothing is noted of rows without ratings
 */
export function meanRating({ values }: CsrMatrix): { readonly meanRating?: number } {
  if (!values || values.length === 0) return {};
  return { meanRating: values.reduce((sum, value) => sum + value, 0) / values.length };
}
