import { expect, test } from '@jest/globals';
import { itemTower, selfAttentionTower, twoTower, wholeSoftmax } from '@towerkit/towers';

import { checkConfig, trainRecommender } from '../src/index.js';
import { arraysOf, shopItems, shopRows } from './toy.js';

const train = (smoothing: number, negatives: Parameters<typeof trainRecommender>[0]['negatives']) =>
  trainRecommender({
    interactions: arraysOf(shopRows),
    items: shopItems,
    model: () =>
      twoTower({
        item: itemTower({ dimensions: 8 }),
        user: selfAttentionTower({ dimensions: 8, maxLength: 20, dropout: 0.1 }),
        loss: wholeSoftmax({ smoothing }),
      }),
    negatives,
    batchSize: 16,
    epochs: 20,
    earlyStopping: { patience: 20 },
    optimizer: { learningRate: 0.02 },
    threads: 1,
  });

test("negatives: 'all' trains on the whole catalog, and answers for histories of any length", async () => {
  const trained = await train(0.1, 'all');
  // Everybody takes things of one kind, every fourth item.
  for (const first of [0, 1, 2, 3]) {
    const { items } = await trained.recommend([`i${first}`, `i${first + 4}`], 4);
    expect(items.map(({ id }) => Number(id.slice(1)) % 4)).toEqual([first, first, first, first]);
  }
  expect((await trained.recommend([], 3)).items).toHaveLength(3);
  const long = Array.from({ length: 30 }, (_, at) => `i${(4 * at) % 24}`);
  expect((await trained.recommend(long, 3)).items).toHaveLength(3);
  await trained.dispose();
});

test('a softmax over the whole catalog with drawn negatives is refused', async () => {
  await expect(train(0, [{ kind: 'uniform', count: 8 }])).rejects.toMatchObject({ code: 'BAD_OPTION' });
});

test('negatives are a list or "all"', () => {
  expect(checkConfig({ name: 'x', negatives: 'all' }).negatives).toBe('all');
  const some: unknown = 'some';
  expect(() => checkConfig({ name: 'x', negatives: some })).toThrow(
    expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(/negatives/) }),
  );
});
