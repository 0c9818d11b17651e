import { expect, test } from '@jest/globals';
import { EventKinds } from '@towerkit/events';

import { ApiKeys } from '../src/http/api-keys.js';
import { Registry } from '../src/models/registry.js';
import { optionsSchema } from '../src/options.js';

test('no model answers before those it takes are open', () => {
  const registry = new Registry();
  for (const of of [() => registry.first, () => registry.at(0.5), () => registry.pair])
    expect(of).toThrow(expect.objectContaining({ code: 'NOT_READY' }));
});

test('keys are whole lines', () => {
  const keys = new ApiKeys(['one', 'two']);
  expect(['one', 'two', 'on', 'one ', ''].map((key) => keys.has(key))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

test('the config adds kinds of events and changes what they mean', () => {
  const { kinds } = optionsSchema.parse({
    artifacts: ['x'],
    kinds: { view: {}, wishlist: { history: true }, cart: { exclude: true } },
  });
  const own = new EventKinds(kinds);
  expect(own.history).toEqual(['interaction', 'click', 'like', 'purchase', 'wishlist']);
  expect(own.exclude).toEqual(['interaction', 'cart', 'purchase', 'dislike', 'hide']);
  expect(optionsSchema.safeParse({ artifacts: ['x'], kinds: { view: { hsitory: true } } }).success).toBe(
    false,
  );
});
