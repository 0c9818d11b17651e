import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  compareArtifacts,
  evaluateArtifact,
  trainRecommender,
  type TrainedRecommender,
} from '../src/index.js';
import { arraysOfMoments, itemsAt, moment, momentRows, saveModels, settings } from './moments-toy.js';
import { open, opened } from './toy.js';

const rows = momentRows();
let folder: string;
let recommender: TrainedRecommender;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-moments-'));
  const { without, ...saved } = await saveModels(folder);
  await without.dispose();
  ({ recommender } = saved);
});
afterAll(async () => {
  await recommender.dispose();
  await rm(folder, { recursive: true });
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
    await expect(compared).rejects.toMatchObject({
      code: 'OTHER_DATA',
      message: expect.stringContaining('hour of the moment is that of Europe/Vienna there, that of UTC here'),
    });
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
