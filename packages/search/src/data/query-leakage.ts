import { tokensOf } from '../words/tokens.js';
import type { Judgments } from './judgments.js';
import { spellingKey } from './split-queries.js';

/** What held-back queries share with those of training. */
export interface QueryLeakage {
  /** Held-back queries. */
  readonly queries: number;
  /** Of them, those that were trained on to the letter. */
  readonly same: number;
  /** Of them, those that were trained on in another spelling. */
  readonly respelled: number;
  /** Distinct products judged for held-back queries. */
  readonly products: number;
  /** Of them, those in no judgment of training. */
  readonly unseenProducts: number;
  /** Held-back queries with a word that no query of training and no product has. */
  readonly unseenWords: number;
}

/**
 * What held-back queries share with training.
 *
 * @param trained queries of training as they are written, and products in their judgments (1), shape [products]
 * @param knows whether a word stands in a product
 */
export function queryLeakage(
  { queries, start, products }: Pick<Judgments, 'queries' | 'start' | 'products'>,
  heldBack: ArrayLike<number>,
  trained: { readonly queries: readonly string[]; readonly products: Uint8Array },
  knows: (token: string) => boolean,
): QueryLeakage {
  const letters = new Set(trained.queries);
  const spellings = new Set(trained.queries.map(spellingKey));
  const words = new Set(trained.queries.flatMap(tokensOf));
  const judged = new Set<number>();
  let [same, respelled, unseenWords] = [0, 0, 0];
  for (let at = 0; at < heldBack.length; at++) {
    const row = heldBack[at];
    const query = queries.names[row];
    if (letters.has(query)) same++;
    else if (spellings.has(spellingKey(query))) respelled++;
    if (tokensOf(query).some((token) => !words.has(token) && !knows(token))) unseenWords++;
    for (let k = start[row]; k < start[row + 1]; k++) if (products[k] >= 0) judged.add(products[k]);
  }
  return {
    queries: heldBack.length,
    ...{ same, respelled, unseenWords },
    products: judged.size,
    unseenProducts: [...judged].filter((product) => trained.products[product] === 0).length,
  };
}
