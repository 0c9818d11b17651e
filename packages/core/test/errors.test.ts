import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';

import { isTowerkitError, TowerkitError } from '../src/index.js';

describe('TowerkitError', () => {
  test('carries code, message, hint, details and cause', () => {
    const cause = new Error('disk');
    const error = new TowerkitError('BAD_ROW', 'no number', { hint: 'look', details: { line: 3 }, cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message, error.hint]).toEqual([
      'TowerkitError',
      'BAD_ROW',
      'no number',
      'look',
    ]);
    expect(error.details).toEqual({ line: 3 });
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('TowerkitError: no number');
  });

  test('what is left out is absent', () => {
    const error = new TowerkitError('X', 'x');
    expect(error.hint).toBeUndefined();
    expect(error.details).toEqual({});
    expect('cause' in error).toBe(false);
  });
});

describe('isTowerkitError', () => {
  test('knows the error of another copy of the package, and of another realm', () => {
    class Copy extends Error {
      override name = 'TowerkitError';
      code = 'X';
    }
    const elsewhere = runInNewContext(
      `Object.assign(new Error('x'), { name: 'TowerkitError', code: 'X' })`,
    ) as unknown;
    for (const error of [new TowerkitError('X', 'x'), new Copy(), elsewhere]) {
      expect(isTowerkitError(error)).toBe(true);
      expect(isTowerkitError(error, 'X')).toBe(true);
      expect(isTowerkitError(error, 'Y')).toBe(false);
    }
  });

  test.each([
    [undefined],
    [null],
    ['TowerkitError'],
    [new Error('x')],
    [{ name: 'TowerkitError' }],
    [{ code: 'X' }],
  ])('is not taken in by %p', (value) => {
    expect(isTowerkitError(value)).toBe(false);
  });
});
