import { describe } from '@jest/globals';
import type { CsrMatrix, Recommender } from '@towerkit/core';

import { explanationTests } from './explanation-tests.js';
import { fitTests } from './fit-tests.js';
import { inputTests } from './input-tests.js';
import { recommendTests } from './recommend-tests.js';
import { scoreTests } from './score-tests.js';
import { storageTests } from './storage-tests.js';
import { tasteMatrix } from './taste-matrix.js';

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

/**
 * Declares the tests that every `Recommender` passes; call it at the top level of a test file.
 *
 * @param name of the `describe` block
 * @example
 * ```ts
 * recommenderSuite('Ease', { make: () => new Ease(), load: Ease.load, kind: 'ease', explains: true });
 * ```
 */
export function recommenderSuite(name: string, options: RecommenderSuiteOptions): void {
  const { interactions, targets } = tasteMatrix();
  const suite: Suite = {
    learns: true,
    explains: false,
    knowsUsers: false,
    tolerance: 1e-5,
    interactions,
    targets,
    ...options,
    fitted: async () => {
      const model = options.make();
      await model.fit(suite.interactions);
      return model;
    },
  };
  describe(`${name} is a Recommender`, () => {
    fitTests(suite);
    scoreTests(suite);
    recommendTests(suite);
    inputTests(suite);
    explanationTests(suite);
    storageTests(suite);
  });
}
