import { TowerkitError } from '@towerkit/core';

/**
 * Weights as probabilities in float64, summed with compensation (Neumaier 1974) so that a long tail is not lost.
 *
 * @param weights non-negative and finite, at least one positive, shape [size]
 * @throws TowerkitError `BAD_WEIGHTS` naming the first offending weight
 */
export function normalize(weights: ArrayLike<number>): Float64Array {
  const largest = largestWeight(weights);
  if (largest === 0) throw new TowerkitError('BAD_WEIGHTS', 'every weight is 0: there is nothing to draw');
  const out = new Float64Array(weights.length);
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < out.length; i++) {
    const weight = (out[i] = weights[i] / largest); // so that the sum cannot overflow
    const next = sum + weight;
    lost += sum >= weight ? sum - next + weight : weight - next + sum;
    sum = next;
  }
  const total = sum + lost;
  for (let i = 0; i < out.length; i++) out[i] /= total;
  return out;
}

/**
 * The largest of some weights, each of them checked.
 *
 * @throws TowerkitError `BAD_WEIGHTS` when there are none, naming the first that is negative or not finite
 */
export function largestWeight(weights: ArrayLike<number>): number {
  if (!(weights?.length > 0))
    throw new TowerkitError('BAD_WEIGHTS', 'a distribution needs at least one weight');
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (!(weight >= 0 && weight < Infinity))
      throw new TowerkitError(
        'BAD_WEIGHTS',
        `weight ${i} is ${weight}: weights are finite and not negative`,
        {
          details: { index: i, weight },
        },
      );
    if (weight > largest) largest = weight;
  }
  return largest;
}
