import type { Catalog } from './catalog.js';
import type { Profile, Taste } from './tastes.js';

/** What nobody outside the shop gets to see: the causes of everything in it. */
export interface ShopSecrets {
  readonly catalog: Catalog;
  readonly tastes: readonly Taste[];
  /** Weight of every item under each taste, shape [tastes] of [items], each adding up to 1. */
  readonly tasteWeights: readonly Float64Array[];
  /** One per known customer, shape [users]. */
  readonly profiles: readonly Profile[];
}

/** Weight of every item under somebody's mixture of tastes, before any purchase: shape [items], sum 1. */
export function profileWeights({ tasteWeights }: ShopSecrets, { tastes, shares }: Profile): Float64Array {
  const mixture = new Float64Array(tasteWeights[0].length);
  tastes.forEach((taste, k) => {
    const weights = tasteWeights[taste];
    for (let i = 0; i < mixture.length; i++) mixture[i] += shares[k] * weights[i];
  });
  return mixture;
}
