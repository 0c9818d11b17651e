import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { AnswerEngine, openArtifact, valueOf } from '@towerkit/recommend';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  compareArtifacts,
  evaluateArtifact,
  trainRecommender,
  type TrainedRecommender,
} from '../src/index.js';
import { arraysOfMoments, DEVICES, HOURS, itemsAt, moment, momentRows, settings } from './moments-toy.js';
import { open, opened } from './toy.js';

const rows = momentRows();
let folder: string;
let recommender: TrainedRecommender;
let without: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-moments-'));
  const interactions = arraysOfMoments(rows);
  recommender = await trainRecommender({
    ...settings,
    interactions,
    moment,
    split: { kind: 'leave-last-two-out' },
  });
  without = await trainRecommender({ ...settings, interactions, split: { kind: 'leave-last-two-out' } });
  await recommender.save(join(folder, 'with'));
  await without.save(join(folder, 'without'));
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

describe('held-back targets', () => {
  test('keep their moments in the artifact', async () => {
    const { users, items, validation, test: held, moments } = await readArtifact(join(folder, 'with'));
    for (const [part, columns] of [
      [validation!, moments!.validation!],
      [held!, moments!.test!],
    ] as const)
      for (let user = 0; user < part.rows; user++)
        for (let k = part.indptr[user]; k < part.indptr[user + 1]; k++) {
          const item = items.nameOf(part.indices[k]);
          const row = rows.find((one) => one.user === users.nameOf(user) && one.item === item)!;
          expect(columns.device[k]).toBe(row.device);
          expect(columns.hour[k]).toBe(String((row.time / 3600) % 24));
        }
    expect((await readArtifact(join(folder, 'without'))).moments).toBeUndefined();
  });

  test('are asked at them: the artifact evaluates to the figures of the training', async () => {
    await opened(join(folder, 'with'), async (artifact) => {
      const { metrics, users } = await evaluateArtifact(artifact, { on: 'validation' });
      expect(users).toBe(60);
      expect(metrics['hr@10'].value).toBeCloseTo(recommender.metrics['hr@10'].value, 6);
      expect((await evaluateArtifact(artifact)).metrics['hr@10'].value).toBeGreaterThan(0.9);
    });
  });

  test('of a comparison are those of the first; where it knows none, another is asked at none', async () => {
    const [one, other] = [join(folder, 'with'), join(folder, 'without')];
    const { models } = await compareArtifacts([one, other], open);
    expect(models[0].metrics['hr@10'].value).toBeGreaterThan(models[1].metrics['hr@10'].value + 0.3);
    expect(models[1].p!['hr@10']).toBeLessThan(0.001);
    expect(models.map(({ unknownMoment }) => unknownMoment)).toEqual([undefined, undefined]);
    const turned = await compareArtifacts([other, one], open);
    expect(turned.models.map(({ unknownMoment }) => unknownMoment)).toEqual([undefined, ['device', 'hour']]);
    expect(turned.models[1].metrics['hr@10'].value).toBeLessThan(models[0].metrics['hr@10'].value - 0.3);
  });

  test('of a file say no moments: the model is asked as if nothing were known of them, and that is said', async () => {
    const pairs = [...Array(60).keys()].map((user) => ({
      user: `u${user}`,
      item: itemsAt(20, 'tv')[user % 10],
    }));
    const targets = join(folder, 'targets.csv');
    await writeFile(
      targets,
      ['user,item', ...pairs.map(({ user, item }) => `${user},${item}`), ''].join('\n'),
    );
    const nothing = { hour: null, device: null };
    await opened(join(folder, 'with'), async (artifact) => {
      const reciprocal: number[] = [];
      for (const { user, item } of pairs) {
        const { items } = await artifact.recommend({ user }, 60, { context: nothing });
        const place = items.findIndex(({ id }) => id === item);
        if (place >= 0) reciprocal.push(1 / (place + 1)); // else they had it
      }
      const found = await evaluateArtifact(artifact, { targets, metrics: ['mrr'] });
      expect(found).toMatchObject({
        on: 'file',
        users: reciprocal.length,
        unknownMoment: ['device', 'hour'],
      });
      const mean = reciprocal.reduce((a, b) => a + b) / reciprocal.length;
      expect(found.metrics.mrr.value).toBeCloseTo(mean, 6);
      expect((await evaluateArtifact(artifact)).unknownMoment).toBeUndefined();
    });
    await opened(join(folder, 'without'), async (artifact) =>
      expect((await evaluateArtifact(artifact, { targets })).unknownMoment).toBeUndefined(),
    );
    const { models } = await compareArtifacts([join(folder, 'with'), join(folder, 'without')], open, {
      targets,
    });
    expect(models.map(({ unknownMoment }) => unknownMoment)).toEqual([['device', 'hour'], undefined]);
  });

  test('of another time zone are none of the first', async () => {
    const trained = await trainRecommender({
      ...settings,
      ...{ interactions: arraysOfMoments(rows), epochs: 1 },
      moment: { ...moment, timeZone: 'Europe/Vienna' },
      split: { kind: 'leave-last-two-out' },
    });
    await trained.save(join(folder, 'vienna'));
    await trained.dispose();
    const compared = compareArtifacts([join(folder, 'with'), join(folder, 'vienna')], open);
    await expect(compared).rejects.toThrow(
      refusal('OTHER_DATA', 'hour of the moment is that of Europe/Vienna there, that of UTC here'),
    );
  });

  test('of a user with several are asked one by one', async () => {
    const days = rows.map(({ time }) => Math.floor(time / 86_400)).sort((a, b) => a - b);
    const validation = 86_400 * days[Math.floor(days.length * 0.6)];
    const trained = await trainRecommender({
      ...settings,
      ...{ interactions: arraysOfMoments(rows), moment },
      split: { kind: 'temporal', validation },
    });
    try {
      const targets = rows.filter(({ time }) => time >= validation).length;
      expect(trained.metrics['hr@10'].users).toBe(targets);
      expect(trained.metrics['hr@10'].value).toBeGreaterThan(0.9);
      const { users, metrics } = await trained.evaluate();
      expect(users).toBe(targets);
      expect(metrics['hr@10'].value).toBeCloseTo(trained.metrics['hr@10'].value, 6);
    } finally {
      await trained.dispose();
    }
  });
});

describe('together with others', () => {
  test('features of who asks and the moment are both read', async () => {
    const people = Array.from({ length: 60 }, (_, user) => ({ id: `u${user}`, age: 20 + (user % 7) }));
    const trained = await trainRecommender({
      ...settings,
      ...{ interactions: arraysOfMoments(rows), moment, users: people, epochs: 4 },
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
