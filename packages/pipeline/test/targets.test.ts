import { describe, expect, test } from '@jest/globals';
import { createEngine } from '@towerkit/engine';
import { encodeInteractions } from '@towerkit/data';
import { itemTower, sumTower, twoTower } from '@towerkit/towers';

import {
  buildModel,
  checkConfig,
  prepare,
  shapesOf,
  trainTwoTower,
  type Config,
  type MemoryDataset,
} from '../src/index.js';

const DAY = 86_400;
/** Baskets of thirty people, a week apart: two things each, the first of which they have every time. */
const ROWS = Array.from({ length: 30 }, (_, user) =>
  Array.from({ length: 5 }, (_, week) => [
    { user: `u${user}`, item: 'milk', time: week * 7 * DAY },
    { user: `u${user}`, item: `i${(user + week) % 8}`, time: week * 7 * DAY },
  ]).flat(),
).flat();

const dataset = (rows = ROWS): MemoryDataset => ({
  name: 'baskets',
  log: encodeInteractions({
    user: rows.map(({ user }) => user),
    item: rows.map(({ item }) => item),
    time: rows.map(({ time }) => time),
  }),
});

const model: Config['model'] = () =>
  twoTower({
    item: itemTower({ dimensions: 4 }),
    user: sumTower({ dimensions: 4, inputs: { history: { kind: 'history', dimensions: 4 } } }),
  });

/** What a training has learned as targets: who, what, and how much of the history was known. */
async function learned(more: Partial<Config>, from: MemoryDataset = dataset()) {
  const config = checkConfig({
    ...{ name: 'baskets', model, threads: 1, epochs: 1, batchSize: 32 },
    negatives: [{ kind: 'uniform', count: 4 }],
    split: { kind: 'temporal', validation: 4 * 7 * DAY },
    ...more,
  });
  const prepared = await prepare(from, config);
  const engine = await createEngine({ threads: 1 });
  try {
    const built = buildModel(config, shapesOf(prepared));
    const trained = await trainTwoTower(prepared, { config, model: built, engine });
    if (trained.interrupted) throw new Error('nobody stopped it');
    const { items, users } = prepared.log;
    const { examples } = trained.fitted.data;
    return Array.from(
      examples?.users ?? [],
      (user, place) =>
        `${users.nameOf(user)} ${items.nameOf(examples!.items[place])} ${examples!.seen[place]}`,
    ).filter((line) => line.startsWith('u3 '));
  } finally {
    await engine.dispose();
  }
}

describe('targets', () => {
  test('a horizon of no days: what stands in a basket does not see the rest of it', async () => {
    expect(await learned({ targets: { horizon: 0 } })).toEqual([
      ...['u3 milk 2', 'u3 i4 2', 'u3 milk 4', 'u3 i5 4', 'u3 milk 6', 'u3 i6 6'],
    ]);
  });

  test('a horizon of two weeks, counted back from the last row', async () => {
    // Weeks 2 and 3 are one period, weeks 0 and 1 the one before it, of which nothing is known.
    expect(await learned({ targets: { horizon: 14 } })).toEqual([
      'u3 milk 4',
      'u3 i5 4',
      'u3 milk 4',
      'u3 i6 4',
    ]);
  });

  test('without repeats, what somebody had before is no target', async () => {
    expect(await learned({ targets: { repeats: false } })).toEqual([
      'u3 i3 1',
      'u3 i4 3',
      'u3 i5 5',
      'u3 i6 7',
    ]);
  });

  test('the same where rows weigh something', async () => {
    const data = { weights: { halfLife: 1000 } };
    const targets = { horizon: 0, repeats: false };
    expect(await learned({ targets, data })).toEqual(await learned({ targets }));
  });

  test.each([
    ['targets.horizon: the interactions have no time', { horizon: 7 }, { ...dataset().log, time: undefined }],
    [
      'targets.horizon: the time',
      { horizon: 7 },
      dataset(ROWS.map((row) => ({ ...row, time: row.time * 1e9 }))).log,
    ],
    ['targets: no row is left to learn from', { horizon: 1000 }, dataset().log],
  ])('%s: BAD_CONFIG', async (message, targets, log) => {
    await expect(
      learned({ targets, split: { kind: 'random', validation: 0.2 } }, { name: 'bad', log }),
    ).rejects.toMatchObject({ code: 'BAD_CONFIG', message: expect.stringContaining(message) });
  });

  test.each([[{ targets: {} }], [{ frequency: {} }]])('%j of a hybrid: BAD_CONFIG', (more) => {
    expect(() => checkConfig({ name: 'x', hybrid: {}, ...more })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG' }),
    );
  });

  test.each([[{ horizon: -1 }], [{ days: 3 }], [{ repeats: 'exclude' }]])(
    '%j is no rule: BAD_CONFIG',
    (targets) => {
      expect(() => checkConfig({ name: 'x', targets } as Config)).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIG' }),
      );
    },
  );
});
