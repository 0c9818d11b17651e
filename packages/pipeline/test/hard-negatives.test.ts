import { describe, expect, test } from '@jest/globals';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';

import { checkConfig, trainRecommender } from '../src/index.js';
import { arraysOf, shopItems, shopRows } from './toy.js';

const train = (
  hardNegatives: NonNullable<Parameters<typeof trainRecommender>[0]['hardNegatives']> | undefined,
) =>
  trainRecommender({
    interactions: arraysOf(shopRows),
    items: shopItems,
    model: () => twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) }),
    epochs: 2,
    threads: 1,
    hardNegatives,
  });

describe('hard negatives in a config', () => {
  test('train, and make another model', async () => {
    const answers = [];
    for (const wanted of [
      undefined,
      { ranks: { from: [4, 12], to: [1, 6] }, share: { from: 0.5, to: 1 }, refresh: 3 },
    ] as const) {
      const trained = await train(wanted as Parameters<typeof train>[0]);
      answers.push((await trained.recommend(['i0', 'i4'], 3)).items.map(({ score }) => score));
      await trained.dispose();
    }
    expect(answers[1]).not.toEqual(answers[0]);
  });

  test('ranks beyond the catalog are refused before anything is trained', async () => {
    await expect(train({ ranks: [10, 24] })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringMatching(/below the 24 items, got \[10,24\]/),
    });
  });

  test.each<[unknown, RegExp]>([
    [{ ranks: [10] }, /hardNegatives\.ranks/],
    [{ ranks: [9, 5] }, /hardNegatives\.ranks: the first rank comes before the last/],
    [{ ranks: [1, 5], shar: 1 }, /"hardNegatives\.shar"; did you mean "share"\?/],
    [{ ranks: [1, 5], share: { from: 0, two: 1 } }, /hardNegatives\.share\.to: expected number/],
    [{ ranks: [1, 5], weight: -1 }, /hardNegatives\.weight/],
  ])('%j is refused', (hardNegatives, message) => {
    expect(() => checkConfig({ name: 'x', hardNegatives })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });
});
