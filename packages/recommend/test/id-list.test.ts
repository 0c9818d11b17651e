import { expect, test } from '@jest/globals';

import { idList } from '../src/index.js';

test.each([
  [['a'], ['a']],
  [['a,b'], ['a', 'b']],
  [[' a , b ,,'], ['a', 'b']],
  [['a b,c'], ['a b', 'c']],
  [
    ['a', 'b,c'],
    ['a', 'b,c'],
  ],
  [['b,c', ''], ['b,c']],
  [
    [' a ', 'b'],
    [' a ', 'b'],
  ],
  [['["b,c"]'], ['b,c']],
  [[' ["a", " b "]'], ['a', ' b ']],
  [['[]'], []],
  [
    ['["a"]', 'b'],
    ['["a"]', 'b'],
  ],
  [['[a],b'], ['[a]', 'b']],
  [['["a"'], ['["a"']],
  [[''], []],
  [[], []],
])('%j stands for %j', (given, ids) => {
  expect(idList(given)).toEqual(ids);
});

test('what is no text in an array is left for the caller to refuse', () => {
  expect(idList(['[1, null]'])).toEqual([1, null]);
});
