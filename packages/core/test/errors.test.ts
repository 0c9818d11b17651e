import { runInNewContext } from 'node:vm';

import { describe, expect, test } from '@jest/globals';

import { isTowerkitError, TowerkitError, Vocabulary, type ErrorCode } from '../src/index.js';
import { TowerkitError as OwnError } from '../src/errors.js';

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

  test('message and hint are one line each, whatever a library says', () => {
    const error = new TowerkitError('X', 'cannot open x:\r\n  line 2\n', { hint: ' look\nthere ' });
    expect([error.message, error.hint]).toEqual(['cannot open x: line 2', 'look there']);
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

describe('codes in types', () => {
  const caught = (act: () => unknown): unknown => {
    try {
      return act();
    } catch (error) {
      return error;
    }
  };

  test('a code narrows to itself, a union stays one, and any code goes without one', () => {
    const error = caught(() => new Vocabulary([]).nameOf(3));
    if (!isTowerkitError(error, 'OUT_OF_RANGE')) throw new Error('not that one');
    const one: 'OUT_OF_RANGE' = error.code;
    // @ts-expect-error it is the one code only
    const other: 'BAD_CSR' = error.code;
    expect([one, other, error.details.index]).toEqual(['OUT_OF_RANGE', 'OUT_OF_RANGE', 3]);

    const known = new TowerkitError<'A' | 'B'>('A', 'a');
    if (!isTowerkitError(known)) throw new Error('not one');
    const either: 'A' | 'B' = known.code;
    expect(either).toBe('A');
    const any: TowerkitError = known;
    expect(any.code).toBe('A');
  });

  test('with a package’s codes, a code that it never throws does not compile', () => {
    const error = caught(() => new Vocabulary(['a', 'a']));
    expect(isTowerkitError<ErrorCode>(error, 'DUPLICATE_ID')).toBe(true);
    // @ts-expect-error no such code
    expect(isTowerkitError<ErrorCode>(error, 'DUPLICATE')).toBe(false);
    // @ts-expect-error no such code of this package
    expect(new OwnError('BAD_ROW', 'x').code).toBe('BAD_ROW');
  });
});
