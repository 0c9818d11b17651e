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
