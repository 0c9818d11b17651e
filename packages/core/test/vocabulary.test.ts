import { describe, expect, test } from '@jest/globals';

import { Vocabulary, type ItemId, type UserId } from '../src/index.js';

const refusal = (code: string) => expect.objectContaining({ code });

describe('Vocabulary', () => {
  const names = ['hat', '', '__proto__', 'constructor', '007'];
  const vocabulary = new Vocabulary(names);

  test('maps names to ids and back, the awkward ones too', () => {
    expect(vocabulary.size).toBe(5);
    names.forEach((name, id) => {
      expect(vocabulary.indexOf(name)).toBe(id);
      expect(vocabulary.nameOf(id)).toBe(name);
    });
  });

  test('does not know what it never saw', () => {
    for (const name of ['Hat', 'toString', '7']) expect(vocabulary.indexOf(name)).toBeUndefined();
    expect(new Vocabulary([]).size).toBe(0);
  });

  test.each([[-1], [5], [0.5], [NaN]])('has no name for %d', (id) => {
    expect(() => vocabulary.nameOf(id)).toThrow(refusal('OUT_OF_RANGE'));
  });

  test('refuses a name that stands twice, and says which', () => {
    expect(() => new Vocabulary(['a', 'b', 'c', 'b'])).toThrow(refusal('DUPLICATE_ID'));
    expect(() => new Vocabulary(['a', 'b', 'c', 'b'])).toThrow('"b"');
  });

  test('users are not items, plain numbers are either: for the compiler', () => {
    const users = new Vocabulary<UserId>(['ann', 'bo']);
    const items = new Vocabulary<ItemId>(['hat', 'scarf']);
    const bo = users.indexOf('bo')!;
    expect(users.nameOf(bo)).toBe('bo');
    expect(users.nameOf(Int32Array.of(0)[0])).toBe('ann');
    // @ts-expect-error a user is no item
    expect(items.nameOf(bo)).toBe('scarf');
    // @ts-expect-error nor is a vocabulary of users one of items
    const swapped: Vocabulary<ItemId> = users;
    const plain: Vocabulary = swapped;
    const back: Vocabulary<UserId> = plain;
    expect(back.size + bo * 2).toBe(4);
  });
});
