/** One rung of successive halving: so many trials with so many epochs. */
export interface Rung {
  readonly trials: number;
  readonly epochs: number;
}

/**
 * The rungs of successive halving (Jamieson and Talwalkar 2016): many trials with few epochs, of which the best third goes on with
 * three times as many, up to the epochs of the config.
 *
 * @param trials of the first rung
 * @param epochs of the last
 * @param factor how many trials make room for one. Default 3
 */
export function rungsOf(trials: number, epochs: number, factor = 3): Rung[] {
  const count = 1 + Math.floor(Math.log(Math.min(trials, epochs)) / Math.log(factor) + 1e-9);
  return Array.from({ length: count }, (_, rung) => ({
    trials: Math.max(1, Math.floor(trials / factor ** rung)),
    epochs: Math.max(1, Math.round(epochs / factor ** (count - 1 - rung))),
  }));
}
