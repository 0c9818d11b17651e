import { describe, expect, test } from '@jest/globals';

import { outcomesOfArms, VoteCount, type Impression } from '../src/index.js';
import { impression } from './setup/impression.js';

describe('outcomes', () => {
  const click = (item: string, of: Impression, type = 'click') => ({ item, type, impression: of });

  test('an event is a vote for the model that put its item into the answer, once, and for none else', () => {
    const [one, two, three] = ['1', '2', '3'].map((id) => impression(id));
    const count = new VoteCount();
    for (const vote of [
      click('b', one),
      click('b', one), // again
      click('a', two),
      click('b', two),
      click('a', two, 'purchase'), // of another kind
      click('z', three), // not shown
      click('c', three),
      click('b', three),
    ])
      count.add(vote);
    expect(count.impressions.map(({ events }) => events)).toEqual([
      [0, 1],
      [2, 1],
      [1, 1],
    ]);
    const groups = [{ experiment: 'interleave', arms: ['old', 'new'], count: 5 }];
    expect(outcomesOfArms(groups, count.impressions)).toEqual([
      { experiment: 'interleave', arm: 'old', impressions: 5, events: 3, wins: 1, ties: 1 },
      { experiment: 'interleave', arm: 'new', impressions: 5, events: 3, wins: 1, ties: 1 },
    ]);
  });

  test('an impression of a split is won by any event', () => {
    const count = new VoteCount();
    const split = { experiment: 'split', arms: ['old'], teams: [0, 0, 0] };
    for (const item of ['a', 'c']) count.add(click(item, impression('s', split)));
    const groups = ['old', 'new'].map((arm) => ({ experiment: 'split', arms: [arm], count: 4 }));
    expect(outcomesOfArms(groups, count.impressions)).toEqual([
      { experiment: 'split', arm: 'old', impressions: 4, events: 2, wins: 1, ties: 0 },
      { experiment: 'split', arm: 'new', impressions: 4, events: 0, wins: 0, ties: 0 },
    ]);
  });
});
