/** Settings of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019). */
export interface AdamOptions {
  /** Decay of the first moment. Default .9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default .999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** Share of a weight that decays each step, times the learning rate. Default 0. */
  readonly weightDecay?: number;
}

/** {@link AdamOptions} with every default filled in. */
export type AdamSettings = Required<AdamOptions>;

/** Fills in the defaults. */
export const adamSettings = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-8,
  weightDecay = 0,
}: AdamOptions = {}): AdamSettings => ({ beta1, beta2, epsilon, weightDecay });

/** Values with their two moments, each of the same length. */
export interface Moments {
  readonly values: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Fresh moments for values. */
export const momentsOf = (values: Float32Array): Moments => ({
  values,
  first: new Float32Array(values.length),
  second: new Float32Array(values.length),
});

/**
 * One Adam step on a run of values:
 *
 *     m = b1 m + (1 - b1) g      v = b2 v + (1 - b2) g^2
 *     w = w - lr wd w - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 *
 * @param state values and moments, changed in place
 * @param offset where the run starts in `state`
 * @param gradient the gradients
 * @param from where the run starts in `gradient`
 * @param length of the run
 * @param step number of this step, from 1
 */
export function adamStep(
  { values, first, second }: Moments,
  offset: number,
  gradient: Float32Array,
  from: number,
  length: number,
  step: number,
  learningRate: number,
  { beta1, beta2, epsilon, weightDecay }: AdamSettings,
): void {
  const rate = learningRate / (1 - beta1 ** step);
  const unbias = 1 / Math.sqrt(1 - beta2 ** step);
  const keep = 1 - learningRate * weightDecay;
  for (let i = 0; i < length; i++) {
    const at = offset + i;
    const g = gradient[from + i];
    const m = beta1 * first[at] + (1 - beta1) * g;
    const v = beta2 * second[at] + (1 - beta2) * g * g;
    first[at] = m;
    second[at] = v;
    values[at] = keep * values[at] - (rate * m) / (Math.sqrt(v) * unbias + epsilon);
  }
}
