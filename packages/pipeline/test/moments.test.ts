import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { AnswerEngine, openArtifact, valueOf } from '@towerkit/recommend';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { trainRecommender, type TrainedRecommender } from '../src/index.js';
import {
  arraysOfMoments,
  DEVICES,
  HOURS,
  itemsAt,
  moment,
  momentRows,
  saveModels,
  settings,
} from './moments-toy.js';

let folder: string;
let recommender: TrainedRecommender;
let without: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-moments-'));
  ({ recommender, without } = await saveModels(folder));
});
afterAll(async () => {
  await recommender.dispose();
  await without.dispose();
  await rm(folder, { recursive: true });
});

const refusal = (code: string, message?: string) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringContaining(message) }) });
const ids = ({ items }: { items: readonly { id: string }[] }) => items.map(({ id }) => id);

describe('a moment that decides', () => {
  test('is learned: a tower that reads it is far better than one that does not', () => {
    expect(recommender.metrics['hr@10'].value).toBeGreaterThan(0.9);
    expect(without.metrics['hr@10'].value).toBeLessThan(0.5);
  });

  test('the same user gets what fits each moment, and a newcomer too', async () => {
    for (const hour of HOURS)
      for (const device of DEVICES) {
        const fitting = new Set(itemsAt(hour, device));
        for (const who of [{ user: 'u3' }, []])
          for (const id of ids(await recommender.recommend(who, 3, { context: { hour, device } })))
            expect(fitting).toContain(id);
      }
    const answer = await recommender.recommend([], 3, { context: { hour: 8, device: 'tv' } });
    expect(answer.source).toBe('two-tower');
  });

  test('a part of the time that is not said is that of the clock', async () => {
    const context = { device: 'phone' };
    const at = new Date('2024-05-04T20:30:00Z');
    const said = await recommender.recommend({ user: 'u1' }, 5, { context: { ...context, hour: '20' } });
    expect(await recommender.recommend({ user: 'u1' }, 5, { context, at })).toEqual(said);
    const artifact = await openArtifact(join(folder, 'with'), { threads: 1, now: () => at.getTime() / 1000 });
    try {
      expect(await artifact.recommend({ user: 'u1' }, 5, { context })).toEqual(said);
    } finally {
      await artifact.dispose();
    }
  });

  test('one of which nothing is known is no reason to answer a newcomer', async () => {
    const context = { device: null, hour: null };
    expect((await recommender.recommend([], 3, { context })).source).toBe('popularity');
    expect((await recommender.recommend(['tv8-1'], 3, { context })).source).toBe('two-tower');
    expect((await recommender.recommend([], 3, { context: { device: 'fridge', hour: null } })).source).toBe(
      'popularity',
    );
  });

  test('everybody is asked at the moment that is said', async () => {
    const context = { hour: 20, device: 'desk' };
    const fitting = new Set(itemsAt(20, 'desk'));
    let count = 0;
    for await (const { user, item, rank } of recommender.artifact.recommendAll(2, undefined, { context })) {
      for (const id of item) expect(fitting).toContain(id);
      count += user.length;
      const own = await recommender.recommend({ user: user[0] }, 2, { context });
      expect(item.slice(0, 2)).toEqual(ids(own));
      expect(rank.slice(0, 2)).toEqual([1, 2]);
    }
    expect(count).toBe(120);
  });

  test('reasons are of the moment that was asked at', async () => {
    const options = { explain: true, context: { hour: 8, device: 'tv' } };
    const history = ['phone8-1', 'desk20-2'];
    const { items } = await recommender.recommend(history, 2, options);
    const { items: without } = await recommender.recommend(['desk20-2'], 60, { context: options.context });
    const [best] = items;
    const lost = best.score - without.find(({ id }) => id === best.id)!.score;
    expect(best.reasons!.find(({ id }) => id === 'phone8-1')!.weight).toBeCloseTo(lost, 4);
  });
});

describe('together with others', () => {
  test('features of who asks and the moment are both read', async () => {
    const people = Array.from({ length: 60 }, (_, user) => ({ id: `u${user}`, age: 20 + (user % 7) }));
    const trained = await trainRecommender({
      ...settings,
      ...{ interactions: arraysOfMoments(momentRows()), moment, users: people, epochs: 4 },
      userFeatures: { numeric: { age: {} } },
    });
    try {
      const { users, items, histories, validation } = trained.artifact;
      const user = users.indexOf('u9')!;
      const history = [...histories.row(user), ...validation!.row(user)].map((item) => items.nameOf(item));
      const tv = { context: { hour: 20, device: 'tv' } };
      const known = await trained.recommend({ user: 'u9' }, 5, tv);
      expect(await trained.recommend({ history, features: { age: 22 } }, 5, tv)).toEqual(known);
      expect(await trained.recommend({ user: 'u9', features: { age: 90 } }, 5, tv)).not.toEqual(known);
      const desk = { context: { hour: 20, device: 'desk' } };
      expect(await trained.recommend({ user: 'u9' }, 5, desk)).not.toEqual(known);
      // Of a known user with a row something is known, whatever the moment.
      const nothing = { context: { hour: null, device: null } };
      const [found] = await trained.artifact.engine.recommend([{ history: [], user, k: 3, ...nothing }]);
      expect(found).toMatchObject({ value: { source: 'two-tower' } });
    } finally {
      await trained.dispose();
    }
  });

  test('a model that ranks again is asked at the same moment, as far as it reads it', async () => {
    const [artifact, again] = [
      await readArtifact(join(folder, 'without')),
      await readArtifact(join(folder, 'with')),
    ];
    const ids = Int32Array.from(artifact.items.names, (name) => again.items.indexOf(name)!);
    const engine = await AnswerEngine.open({ artifact, rerank: { artifact: again, ids }, threads: 1 });
    try {
      const question = { history: [0, 1], user: -1, k: 3, rerankUser: -1 };
      const ask = async (context?: object) => {
        const [outcome] = await engine.recommend([
          { ...question, ...(context && { context: { ...context } }) },
        ]);
        return valueOf(outcome);
      };
      const { items, source } = await ask({ hour: 8, device: 'desk', colour: 'red' });
      expect(source).toBe('two-tower+two-tower');
      for (const item of items) expect(itemsAt(8, 'desk')).toContain(artifact.items.nameOf(item));
      expect((await ask()).items).not.toEqual(items); // a device that nobody said is unknown
    } finally {
      await engine.dispose();
    }
  });
});

describe('what a question says of its moment', () => {
  test.each([
    [
      {},
      'MISSING_CONTEXT',
      'the question does not say device of its moment; say null, or device= on the command line',
    ],
    [{ hour: 3 }, 'MISSING_CONTEXT', undefined],
    [{ device: 'tv', colour: 'red' }, 'UNKNOWN_CONTEXT', 'this model reads no column "colour" of the moment'],
    [{ device: 'tv', constructor: 'x' }, 'UNKNOWN_CONTEXT', undefined],
    [{ device: true }, 'BAD_CONTEXT', 'the column device of the moment must be a string or a number'],
    [{ device: 'tv', hour: 24 }, 'BAD_CONTEXT', 'the column hour of the moment must be one of 0, 1,'],
    [{ device: 'tv', hour: '08' }, 'BAD_CONTEXT', undefined],
  ])('%j is refused', async (context, code, message) => {
    await expect(recommender.recommend({ user: 'u1' }, 3, { context })).rejects.toThrow(
      refusal(code, message),
    );
    const failed = await recommender.recommend([], 3, { context }).catch((error: Error) => error);
    expect((failed as Error).message).not.toContain('\n');
    // Nobody else's answer goes with it.
    const [bad, good] = await recommender.artifact.engine.recommend([
      { history: [0], user: -1, k: 3, context },
      { history: [0], user: -1, k: 3, context: { device: null } },
    ]);
    expect(bad).toMatchObject({ failure: { code } });
    expect(good).toMatchObject({ value: { source: 'two-tower' } });
  });

  test('a model that reads none refuses it', async () => {
    const options = { context: { device: 'tv' } };
    await expect(without.recommend({ user: 'u1' }, 3, options)).rejects.toThrow(refusal('NO_CONTEXT'));
    await expect(without.recommend({ user: 'u1' }, 3, { at: new Date() })).rejects.toThrow(
      refusal('NO_CONTEXT'),
    );
    await expect(without.artifact.recommendAll(3, undefined, options).next()).rejects.toThrow(
      refusal('NO_CONTEXT'),
    );
  });
});
