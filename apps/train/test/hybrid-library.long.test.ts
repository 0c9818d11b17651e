import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Hybrid } from '../src/index.js';
import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

const KINDS = ['tea', 'lamp', 'novel'];
const WORDS = ['warm fragrant leaves cup', 'bright shade switch bulb', 'story chapter plot author'];
const ITEMS = 18;

/** Sixty people over three weeks, each after one kind of thing. */
function reviewLines(): string[] {
  const lines = ['who,what,stars,said,name,categories,at'];
  for (let user = 0; user < 60; user++)
    for (let step = 0; step < 6; step++) {
      const item = (user * 7 + step * 5) % ITEMS;
      const kind = item % 3;
      const liked = kind === user % 3;
      const day = String(1 + ((user + 3 * step) % 21)).padStart(2, '0');
      lines.push(
        `u${user},p${item},${liked ? 5 : 2},${liked ? 'love the' : 'dull'} ${WORDS[kind]},${KINDS[kind]} ${item},${KINDS[kind]},2024-03-${day}T1${step}:00:00Z`,
      );
    }
  return lines;
}

const config = (hybrid: object) => `
import { defineConfig } from 'towerkit';
export default defineConfig({
  name: 'reviews',
  data: {
    path: 'data',
    dataset: { file: 'reviews.csv', columns: { user: 'who', item: 'what', rating: 'stars', text: 'said', time: 'at' } },
  },
  threads: 1,
  hybrid: {
    encoder: { kind: 'lsa', dimensions: 8 },
    als: { factors: 4 },
    rating: { epochs: 3, learningRate: 0.002 },
    ranking: { epochs: 2, learningRate: 0.002 },
    ...${JSON.stringify(hybrid)},
  },
});
`;

let folder: string;
const train = async (name: string, hybrid: object) => {
  await writeFile(join(folder, `${name}.mjs`), config(hybrid));
  const ended = await towerkit(['train', '--config', `${name}.mjs`, '--out', name, '--json'], folder);
  expect(ended.stderr).not.toContain('error ');
  return lastLine(ended);
};

beforeAll(async () => {
  folder = await workFolder();
  await mkdir(join(folder, 'data'));
  await writeFile(join(folder, 'data/reviews.csv'), `${reviewLines().join('\n')}\n`);
  await train('plain', {});
});
afterAll(() => removeFolder(folder));

describe('every variant goes from CSV to answers', () => {
  test.each([
    ['a dot product for a head', { head: 'dot' }],
    ['attention over reviews', { attention: 4 }],
    ['no choice output', { choice: false }],
    ['the products taken last', { latest: 2 }],
    ['the moment of a review', { context: ['hour', 'weekday', 'season'] }],
  ])('%s', async (name, hybrid) => {
    const out = name.replaceAll(' ', '-');
    const { ranking, ratings } = await train(out, hybrid);
    expect(ratings.all.hybrid.rmse.value).toBeGreaterThan(0);
    expect(ranking.groups.all.hybrid.metrics['hr@10'].value).toBeGreaterThan(0);
    const opened = await Hybrid.open(join(folder, out));
    const [list] = await opened.predictForUsersBatched({ userIds: ['u3'], topK: 4 });
    expect(list).toHaveLength(4);
    await opened.dispose();
  });

  test('folds in time are judged one by one, each on later rows', async () => {
    const { folds } = await train('folded', { folds: 2 });
    expect(folds).toHaveLength(2);
    for (const fold of folds) expect(fold.ratings.all.hybrid.rmse.ratings).toBeGreaterThan(0);
  });
});

describe('the library', () => {
  let hybrid: Hybrid;
  beforeAll(async () => (hybrid = await Hybrid.open(join(folder, 'plain'))));
  afterAll(() => hybrid.dispose());

  test('lists for many users are those of each alone', async () => {
    const userIds = ['u0', 'u7', 'u31'];
    const together = await hybrid.predictForUsersBatched({ userIds, topK: 5 });
    for (const [place, userId] of userIds.entries()) {
      const [alone] = await hybrid.predictForUsersBatched({ userIds: [userId], topK: 5 });
      expect(alone.map(({ productId }) => productId)).toEqual(
        together[place].map(({ productId }) => productId),
      );
      const scores = alone.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }
  });

  test('products asked for by id are ranked, those a user had among them', async () => {
    const productIds = ['p3', 'p0', 'p8'];
    const [list] = await hybrid.predictForUsersBatched({ userIds: ['u0'], topK: 3, productIds });
    expect(list.map(({ productId }) => productId).sort()).toEqual([...productIds].sort());
    const ratings = await hybrid.predictRatings(['u0', 'u0', 'u0'], productIds);
    for (const { productId, rating } of list)
      expect(ratings[productIds.indexOf(productId)]).toBeCloseTo(rating, 4);
    await expect(hybrid.predictRatings(['u0'], [])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(
      hybrid.predictForUsersBatched({ userIds: ['u0'], productIds: ['p99'] }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_ITEM' });
  });

  test('a new review counts at once, for its user alone', async () => {
    const ask = () => hybrid.predictRatings(['u2', 'u5'], ['p1', 'p1']);
    const [before, other] = await ask();
    for (const productId of ['p4', 'p7', 'p10'])
      await hybrid.addReview({
        userId: 'u2',
        productId,
        rating: 5,
        text: 'love the bright shade switch bulb',
      });
    const [after, same] = await ask();
    expect(after).toBeGreaterThan(before); // three lamps praised: another lamp is foretold more
    expect(same).toBe(other);
    const { reviews } = await hybrid.explain('u2', 'p1', 100);
    expect(reviews.some(({ text }) => text === 'love the bright shade switch bulb')).toBe(true);
    const [list] = await hybrid.predictForUsersBatched({ userIds: ['u2'], topK: ITEMS / 3 });
    expect(list.some(({ productId }) => ['p4', 'p7', 'p10'].includes(productId))).toBe(false);
    await expect(
      hybrid.addReview({ userId: 'u2', productId: 'p1', rating: 6, text: 'x' }),
    ).rejects.toMatchObject({ code: 'BAD_RATING' });
  });
});
