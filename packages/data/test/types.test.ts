import { isTowerkitError } from '@towerkit/core';
import { expect, test } from '@jest/globals';

import { encodeInteractions, kCore, type ErrorCode } from '../src/index.js';
import { TowerkitError } from '../src/errors.js';

const log = encodeInteractions({ user: ['ann', 'bo'], item: ['hat', 'hat'] });

test('the ids of users are not those of items', () => {
  const bo = log.users.indexOf('bo')!;
  expect(log.users.nameOf(bo)).toBe('bo');
  expect(log.items.nameOf(log.item[bo])).toBe('hat');
  // @ts-expect-error a user is no item
  expect(() => log.items.nameOf(bo)).toThrow('outside');
});

test('errors have codes of this package only', () => {
  try {
    kCore(log, { users: 2 });
  } catch (error) {
    expect(isTowerkitError<ErrorCode>(error, 'EMPTY_DATA')).toBe(true);
    // @ts-expect-error there is no such code
    expect(isTowerkitError<ErrorCode>(error, 'EMPTY')).toBe(false);
  }
  // @ts-expect-error nor may the package throw it
  expect(new TowerkitError('EMPTY', 'nothing').code).toBe('EMPTY');
  expect.assertions(3);
});
