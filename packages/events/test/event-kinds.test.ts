import { describe, expect, test } from '@jest/globals';

import { DEFAULT_KINDS, EventKinds } from '../src/index.js';

describe('kinds of events', () => {
  const usual = new EventKinds(DEFAULT_KINDS);

  test('what was looked at enters the history, what somebody has or refuses is left out', () => {
    expect(usual.history).toEqual(['interaction', 'view', 'click', 'like', 'cart', 'purchase']);
    expect(usual.exclude).toEqual(['interaction', 'purchase', 'dislike', 'hide']);
    expect(usual.names).toContain('impression'); // which only counts
  });

  test('an unknown one is refused with the names of the others', () => {
    for (const name of ['veiw', 'constructor', '__proto__', ''])
      try {
        usual.check(name, 'body/type');
        throw new Error('it was taken');
      } catch (error) {
        expect(error).toMatchObject({
          code: 'UNKNOWN_KIND',
          message: `body/type: there is no kind of event ${JSON.stringify(name)}`,
          hint: expect.stringContaining('interaction, impression, view, click'),
        });
      }
  });

  test('other kinds mean what they are given as', () => {
    const own = new EventKinds({ ...DEFAULT_KINDS, view: { history: false, exclude: false } });
    expect(own.history).toEqual(['interaction', 'click', 'like', 'cart', 'purchase']);
    expect(own.exclude).toEqual(usual.exclude);
  });
});
