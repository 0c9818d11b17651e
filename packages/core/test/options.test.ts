import { expect, test } from '@jest/globals';

import { badOption, requireCount } from '../src/index.js';

const refusal = (message: string, details: object) =>
  expect.objectContaining({ name: 'TowerkitError', code: 'BAD_OPTION', message, details });

test.each<[unknown, number?]>([[1], [64], [Number.MAX_SAFE_INTEGER], [0, 0], [-7, -Infinity], [3, 3]])(
  '%p is a count of at least %p',
  (value, least = 1) => {
    expect(() => requireCount('n', value, least)).not.toThrow();
  },
);

test.each<[unknown, string, number?]>([
  [0, '0'],
  [-1, '-1', 0],
  [2, '2', 3],
  [1.5, '1.5'],
  [NaN, 'NaN'],
  [Infinity, 'Infinity'],
  [2 ** 53, '9007199254740992'],
  ['3', '"3"'],
  [undefined, 'undefined'],
  [null, 'null'],
  [3n, '3'],
  [[3], '[3]'],
])('%p is no count: %s', (value, shown, least = 1) => {
  expect(() => requireCount('epochs', value, least)).toThrow(
    refusal(`epochs must be an integer of at least ${least}, got ${shown}`, { option: 'epochs', value }),
  );
});

test('any integer', () => {
  expect(() => requireCount('seed', 0.5, -Infinity)).toThrow(
    refusal('seed must be an integer, got 0.5', { option: 'seed', value: 0.5 }),
  );
});

test('after it the compiler knows the option for a number', () => {
  const given: unknown = 4;
  requireCount('factors', given);
  const factors: number = given;
  expect(factors).toBe(4);
});

test('an error to throw, which names option, wish and value', () => {
  const error = badOption('solver', 'x', 'must be cg or cholesky');
  const code: 'BAD_OPTION' = error.code;
  expect([code, error.message]).toEqual(['BAD_OPTION', 'solver must be cg or cholesky, got "x"']);
  expect(error.details).toEqual({ option: 'solver', value: 'x' });
});
