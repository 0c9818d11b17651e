import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { listOf } from '../src/profile/lists.js';
import { shapesOf } from '../src/profile/profile-values.js';
import { nameScore, sideOf, wordsOf } from '../src/guess/names.js';
import { quoted } from '../src/propose/print.js';
import { kindRules } from '../src/propose/kinds.js';

describe('shapesOf', () => {
  test('numbers, whole numbers, their range', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (numbers) => {
        const shapes = shapesOf(numbers.map(String));
        expect(shapes).toMatchObject({
          numbers: 1,
          whole: 1,
          least: Math.min(...numbers),
          most: Math.max(...numbers),
        });
      }),
    );
  });

  test('decimal commas, also in groups of thousands', () => {
    expect(shapesOf(['1,5', '1.234,50', '7'])).toMatchObject({
      commas: 1,
      least: 1.5,
      most: 1234.5,
      decimals: 2,
    });
    expect(shapesOf(['1.5', '7', 'x']).commas).toBe(0);
  });

  test('codes, addresses, images, e-mail addresses', () => {
    expect(shapesOf(['007', '012', '123']).padded).toBeCloseTo(2 / 3);
    expect(shapesOf(['https://a.b/c', 'img/x.PNG'])).toMatchObject({ urls: 0.5, images: 0.5 });
    expect(shapesOf(['a@b.co']).emails).toBe(1);
  });
});

describe('listOf', () => {
  test('finds the separator of cells of several names', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('|', ';', ','),
        fc.array(fc.subarray(['red', 'green', 'blue', 'black'], { minLength: 1 }), {
          minLength: 30,
          maxLength: 60,
        }),
        (separator, cells) => {
          fc.pre(cells.filter(({ length }) => length > 1).length > 10);
          expect(listOf(cells.map((names) => names.join(separator)))?.separator).toBe(separator);
        },
      ),
    );
  });

  test('cells of which few hold several names, of few names', () => {
    const names = ['Food', 'Retail', 'Sports', 'Arts', 'Travel'];
    const pairs = names.flatMap((a) => names.filter((b) => b > a).map((b) => `${a}, ${b}`));
    const cells = [...Array.from({ length: 200 }, (_, i) => names[i % 5]), ...pairs];
    expect(listOf(cells)).toEqual({ separator: ', ', names: 5 });
  });

  test('titles with commas are no lists', () => {
    expect(
      listOf(Array.from({ length: 50 }, (_, i) => `Thing, number ${i}, of its kind ${i * 7}`)),
    ).toBeUndefined();
  });
});

describe('names', () => {
  test.each([
    ['customerId', 'user', 4],
    ['Kundennr', 'user', 4],
    ['user_age', 'user', -3],
    ['parent_asin', 'item', 3],
    ['product_name', 'item', 3],
    ['price', 'item', -3],
    ['created_at', 'time', 4],
    ['eventType', 'kind', 4],
    ['x', 'user', 0],
  ] as const)('%s as %s: %i', (name, role, score) => {
    expect(nameScore(name, role)).toBe(score);
  });

  test('words of a name', () => {
    expect(wordsOf('reviewsUserName_2 Größe')).toEqual(['reviews', 'user', 'name', '2', 'große']);
    expect(sideOf(['title', 'price', 'genre'])).toBe(3);
    expect(sideOf(['age', 'gender'])).toBe(-2);
  });
});

test('a literal says its text, whatever is in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
      expect(new Function(`return ${quoted(text)}`)()).toBe(text);
    }),
  );
});

describe('kindRules', () => {
  const uses = (kinds: [string, number][]) =>
    Object.fromEntries(kindRules(kinds).map(([kind, rule]) => [kind, rule]));
  test('views are known before where something is bought', () => {
    expect(
      uses([
        ['view', 900],
        ['addtocart', 70],
        ['transaction', 30],
        ['refund', 5],
        ['hide', 4],
      ]),
    ).toEqual({
      view: '{ weight: 0.2, target: false }',
      addtocart: '{ weight: 0.5, target: false }',
      transaction: '{}',
      refund: '{ exclude: true }',
      hide: '{ dislike: true }',
    });
  });
  test('views alone are what is predicted', () => {
    expect(
      uses([
        ['view', 900],
        ['click', 100],
      ]),
    ).toEqual({ view: '{}', click: '{}' });
  });
});
