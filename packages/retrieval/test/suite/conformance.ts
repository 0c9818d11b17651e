import { afterAll, beforeAll, describe } from '@jest/globals';

import { badInput } from './bad-input.js';
import { changes } from './changes.js';
import { createFixture, type Conformance } from './fixture.js';
import { savedFiles } from './saved-files.js';
import { searches } from './searches.js';

/** The tests that every driver passes. */
export function conformance(name: string, driver: Conformance): void {
  describe(`${name} as a VectorIndex`, () => {
    const fixture = createFixture(driver);
    beforeAll(fixture.begin);
    afterAll(fixture.end);
    searches(fixture);
    changes(fixture);
    badInput(fixture);
    savedFiles(fixture);
  });
}
