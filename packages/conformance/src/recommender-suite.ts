import { describe } from '@jest/globals';

import { explanationTests } from './explanation-tests.js';
import { fitTests } from './fit-tests.js';
import { inputTests } from './input-tests.js';
import { recommendTests } from './recommend-tests.js';
import { scoreTests } from './score-tests.js';
import { storageTests } from './storage-tests.js';
import type { RecommenderSuiteOptions, Suite } from './suite.js';
import { tasteMatrix } from './taste-matrix.js';

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
