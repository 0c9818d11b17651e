import { describe, expect, test } from '@jest/globals';

import { generateShop, SHOP_DEFAULTS, type ShopOptions } from '../src/index.js';
import { resolveShopOptions } from '../src/shop/options.js';

describe('options', () => {
  test('defaults are filled in, undefined counts as absent', () => {
    expect(resolveShopOptions()).toEqual(SHOP_DEFAULTS);
    expect(resolveShopOptions({ users: undefined, items: 500 })).toEqual({ ...SHOP_DEFAULTS, items: 500 });
  });

  test.each<[string, unknown]>([
    ['users', { users: 9 }],
    ['users', { users: 20.5 }],
    ['users', { users: '4000' }],
    ['items', { items: 99 }],
    ['items', { items: Infinity }],
    ['seed', { seed: 0.5 }],
    ['seed', { seed: NaN }],
    ['interactionsPerUser', { interactionsPerUser: 5 }],
    ['interactionsPerUser', { items: 100, interactionsPerUser: 21 }],
    ['anonymousShare', { anonymousShare: -0.1 }],
    ['anonymousShare', { anonymousShare: NaN }],
    ['repeatShare', { repeatShare: 0.6 }],
    ['start', { start: 'yesterday' }],
    ['start', { start: '2023-02-31' }],
    ['start', { start: '2023-13-01' }],
    ['start', { start: 20230101 }],
    ['days', { days: 29 }],
    ['days', { days: 40.5 }],
    ['usres', { usres: 100 }],
  ])('a bad %s is refused by name', (option, options) => {
    expect(() => generateShop(options as ShopOptions)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTIONS', details: expect.objectContaining({ option }) }),
    );
  });

  test('options must be an object', () => {
    for (const options of [null, 7])
      expect(() => generateShop(options as unknown as ShopOptions)).toThrow(
        expect.objectContaining({ code: 'BAD_OPTIONS' }),
      );
  });
});
