import { TowerkitError } from '@towerkit/core';

import { ChoiceModel } from './choice.js';
import { profileWeights } from './secrets.js';
import type { Shop } from './shop.js';

/**
 * The generator's own probabilities for a customer's next item: the very ones it was drawn from, when `history`
 * is all they bought before it. No model can rank better on average, so this is the ceiling for each.
 *
 * @param shop the shop; regenerated from its options by `loadShop`
 * @param user a known customer, in [0, users)
 * @param history items bought before, oldest first, repeats included
 * @param out receives the probabilities, shape [items]; a new array by default
 * @returns probabilities that add up to 1. Items of the history share the chance of a repeat.
 * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM` or `SHAPE_MISMATCH`
 * @example
 * ```ts
 * const history = shop.histories.row(0);
 * const ideal = idealScores(shop, 0, history.subarray(0, -1)); // ranks the customer's last item
 * ```
 */
export function idealScores(
  shop: Shop,
  user: number,
  history: ArrayLike<number>,
  out: Float32Array = new Float32Array(shop.items.length),
): Float32Array {
  const profile = shop.secrets.profiles[user];
  if (profile === undefined)
    throw new TowerkitError('UNKNOWN_USER', `the shop has ${shop.users.size} users, none is ${user}`);
  if (out.length !== shop.items.length)
    throw new TowerkitError('SHAPE_MISMATCH', `out must hold ${shop.items.length} scores, got ${out.length}`);
  for (let k = 0; k < history.length; k++)
    if (shop.items[history[k]] === undefined)
      throw new TowerkitError(
        'UNKNOWN_ITEM',
        `the shop has ${shop.items.length} items, none is ${history[k]}`,
      );
  const weights = new Float64Array(shop.items.length);
  const total = modelOf(shop).weigh(profileWeights(shop.secrets, profile), history, weights);
  const repeat = history.length > 0 ? shop.options.repeatShare : 0;
  for (let i = 0; i < weights.length; i++) out[i] = ((1 - repeat) * weights[i]) / total;
  for (let k = 0; k < history.length; k++) out[history[k]] += repeat / history.length;
  return out;
}

const models = new WeakMap<Shop, ChoiceModel>();

/** One choice model a shop: it holds memory for every item. */
function modelOf(shop: Shop): ChoiceModel {
  let model = models.get(shop);
  if (model === undefined) models.set(shop, (model = new ChoiceModel(shop.secrets.catalog)));
  return model;
}
