/** Weights of the tower's cosines that are tried. */
export const WEIGHTS = [0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6] as const;

/** The weight where nothing was measured. */
export const USUAL_WEIGHT = 2;

/** Queries that the usual weight counts as. */
const PRIOR = 100;

/**
 * The weight of the tower in the hybrid: the best on the validation queries, drawn towards the usual one, as if that had been
 * the best on a hundred queries more: the best of some dozens is mostly chance.
 *
 * @param values of each of `WEIGHTS`, higher is better
 * @param queries that they were measured on
 */
export function chooseWeight(values: readonly number[], queries: number): number {
  let best = WEIGHTS.indexOf(USUAL_WEIGHT);
  values.forEach((value, at) => {
    if (value > values[best]) best = at;
  });
  const weight = (queries * WEIGHTS[best] + PRIOR * USUAL_WEIGHT) / (queries + PRIOR);
  return Number(weight.toFixed(3));
}
