import type { SearchConfig } from '../schema.js';
import type { TowerTraining } from './batches.js';

/**
 * What is added to the logit of each product because it is a candidate more often than others: -log q (Yi et al. 2019).
 *
 * With `examples`, q is how often a product is the one that is meant, beside the mean of the catalog, and 1 at least. With
 * `candidates` it is how often it is expected among the candidates in any way: as the one that is meant, as a hard negative
 * of its queries, as another that was judged for them; exact, and below 1 for what seldom comes.
 *
 * @param hard negatives of each query, by its row; any product where it has none
 * @returns by dense id; zeros for `none`
 */
export function samplingOffsets(
  { examples, judged, products: { rows: catalog } }: Pick<TowerTraining, 'examples' | 'judged' | 'products'>,
  hard: readonly Int32Array[],
  by: SearchConfig['logQ'],
): Float32Array {
  const often = new Float64Array(catalog);
  const count = examples.product.length;
  if (by === 'none' || count === 0) return new Float32Array(catalog);
  for (const product of examples.product) often[product]++;
  if (by === 'examples') {
    const mean = Math.max(1, count / catalog);
    return Float32Array.from(often, (times) => -Math.log(Math.max(1, times / mean)));
  }
  const examplesOf = new Float64Array(judged.length);
  for (const query of examples.query) examplesOf[query]++;
  let anywhere = 0;
  examplesOf.forEach((times, query) => {
    if (times === 0) return;
    for (const product of hard[query]) often[product] += times / hard[query].length;
    if (hard[query].length === 0) anywhere += times / catalog;
    for (const product of judged[query].keys()) often[product] += times / judged[query].size;
  });
  const mean = (3 * count) / catalog;
  return Float32Array.from(often, (times) =>
    times + anywhere > 0 ? -Math.log((times + anywhere) / mean) : 0,
  );
}
