import { expect, test } from '@jest/globals';

import { twoTowerFactsOf } from '../src/two-tower/facts.js';

test('a tower that reads moments is refused: questions cannot say them', () => {
  const model = { version: 2, dimensions: 4, maxLength: 5, userInputs: [], history: true };
  const of = (facts: object) =>
    twoTowerFactsOf({ folder: 'shop', version: '0', manifest: { model: { ...model, ...facts } } } as never);
  expect(of({}).dimensions).toBe(4);
  const hour = { kind: 'embedding', of: 'hour', dimensions: 2, at: 'moment' };
  expect(() => of({ momentInputs: { hour } })).toThrow(
    expect.objectContaining({ code: 'BAD_ARTIFACT', message: expect.stringContaining('hour') }),
  );
});
