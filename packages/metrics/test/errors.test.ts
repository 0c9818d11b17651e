import { expect, test } from '@jest/globals';

import { estimate, isTowerkitError, type ErrorCode } from '../src/index.js';
import { TowerkitError } from '../src/errors.js';

const error = (() => {
  try {
    return estimate([]);
  } catch (caught) {
    return caught;
  }
})();

test('a code narrows to itself', () => {
  if (!isTowerkitError(error, 'NO_USERS')) throw new Error('not that one');
  const code: 'NO_USERS' = error.code;
  expect(code).toBe('NO_USERS');
  expect(isTowerkitError(error, 'NO_RATINGS')).toBe(false);
  expect(isTowerkitError(new Error('x'))).toBe(false);
});

test('errors have codes of this package only', () => {
  expect(isTowerkitError<ErrorCode>(error, 'NO_USERS')).toBe(true);
  // @ts-expect-error there is no such code
  expect(isTowerkitError<ErrorCode>(error, 'NO_USER')).toBe(false);
  // @ts-expect-error nor may the package throw it
  expect(new TowerkitError('NO_USER', 'nobody').code).toBe('NO_USER');
});
