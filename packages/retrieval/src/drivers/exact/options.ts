/** Of the driver `exact`, beside those that all have. */
export interface ExactOptions {
  /**
   * `f32` by default: every score in float32. `int8` looks for candidates in vectors of one byte a value and scores those
   * exactly: some three times as quick, with a recall of nearly 1.
   */
  readonly scan?: 'f32' | 'int8';
  /** Threads of a batch; one per core by default, and at most. */
  readonly threads?: number;
}
