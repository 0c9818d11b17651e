import type { CsrMatrix, Recommender } from '@towerkit/core';

/** What the suite must know of a model. */
export interface RecommenderSuiteOptions {
  /** A new model, not fitted, with the same settings and seed each time; quick to fit on 60 users x 41 items. */
  make(): Recommender;
  /** The class' own `load`. */
  load(folder: string): Promise<Recommender>;
  /** Its `kind`; it is saved as `<kind>.safetensors`. */
  kind: string;
  /** Whether it must rank held-out items better than popularity does. True by default. */
  learns?: boolean;
  /**
   * Whether the weights of `explain` sum to the score: true, or how far they may be from it relative to the largest
   * score (1e-4 for true); false for a model that cannot explain. False by default.
   */
  explains?: boolean | number;
  /** Whether it learns something of each user, so that a user the fit did not see is refused. False by default. */
  knowsUsers?: boolean;
  /** How far a score may be from that of another batch size, relative to the largest score; 1e-5 by default. */
  tolerance?: number;
  /** What is fitted, where {@link tasteMatrix} does not do, such as one with ratings; `learns` then needs false. */
  interactions?: CsrMatrix;
}

/** Settings with every default filled in, and the data. */
export interface Suite extends Required<Omit<RecommenderSuiteOptions, 'interactions'>> {
  readonly interactions: CsrMatrix;
  readonly targets: Int32Array;
  /** A fitted model. */
  fitted(): Promise<Recommender>;
}
