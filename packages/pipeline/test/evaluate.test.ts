import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createEngine } from '@towerkit/engine';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  buildModel,
  checkConfig,
  compareArtifacts,
  evaluateArtifact,
  prepare,
  readQuestions,
  shapesOf,
  trainTwoTower,
} from '../src/index.js';
import { datasetOf, open, opened, saveBaseline, shopRows, type Rows } from './toy.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-evaluate-'))));
afterAll(() => rm(folder, { recursive: true }));

const code = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

/**
 * Ann had s, then v, then t. Others had v with t, and s with one thing each: who knows of v foretells t, who knows of s alone
 * foretells anything but t. The last two rows of each user are held back: t is Ann's test target, v her validation target.
 */
const LINKED: Rows = {
  ann: ['s', 'v', 't'],
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`v${n}`, ['v', 't', 'p', 'q']])),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`s${n}`, ['s', `x${n}`, 'p', 'q']])),
};
const TWO_OUT = {
  split: { kind: 'leave-last-two-out' as const },
  metrics: ['hr@1' as const, 'mrr' as const],
};

describe('an artifact of a split in three', () => {
  let at: string;
  beforeAll(async () => {
    at = join(folder, 'linked');
    await saveBaseline(at, 'item-knn', LINKED, TWO_OUT);
  });

  test('test targets are asked after training and validation rows', async () => {
    await opened(at, async (artifact) => {
      const { on, histories, targets, users } = await readQuestions(artifact);
      expect(on).toBe('test');
      const row = users.indexOf(artifact.users.indexOf('ann')!);
      const names = (ids: Int32Array) => Array.from(ids, (id) => artifact.items.nameOf(id));
      expect(names(histories.row(row))).toEqual(['s', 'v']);
      expect(
        names(targets.indices.subarray(targets.indptr[row], targets.indptr[row + 1]) as Int32Array),
      ).toEqual(['t']);
      // Of eleven users the model foretells Ann's target alone: the others' stand in no training row.
      const evaluation = await evaluateArtifact(artifact);
      expect(evaluation).toMatchObject({
        on: 'test',
        users: 11,
        leftOut: { repeat: 0, unknownUser: 0, unknownItem: 0 },
      });
      expect(evaluation.metrics['hr@1'].value).toBeCloseTo(1 / 11, 10);
    });
  });

  test('validation targets after training rows alone', async () => {
    await opened(at, async (artifact) => {
      const { histories, users } = await readQuestions(artifact, { on: 'validation' });
      const row = users.indexOf(artifact.users.indexOf('ann')!);
      expect(Array.from(histories.row(row), (id) => artifact.items.nameOf(id))).toEqual(['s']);
      const { on, metrics } = await evaluateArtifact(artifact, { on: 'validation' });
      expect(on).toBe('validation');
      expect(metrics['hr@1'].value).toBe(0);
    });
  });

  test('popularity beside it knows of the training rows', async () => {
    // v and t stand there 5 times, s 6 times: Ann, who had s and v, gets t; the others want what nobody had.
    const { baselines } = await opened(at, (artifact) => evaluateArtifact(artifact));
    expect(baselines.popularity['hr@1'].value).toBeCloseTo(1 / 11, 10);
  });

  test('a sample is always the same users', async () => {
    await opened(at, async (artifact) => {
      const [first, second] = [
        await evaluateArtifact(artifact, { sample: 4 }),
        await evaluateArtifact(artifact, { sample: 4 }),
      ];
      expect(first.users).toBe(4);
      expect(second.metrics).toEqual(first.metrics);
    });
  });
});

describe('an artifact of a split in two', () => {
  test('is asked its validation targets, and has no others', async () => {
    const at = join(folder, 'two');
    await saveBaseline(at, 'popularity', LINKED);
    await opened(at, async (artifact) => {
      expect((await evaluateArtifact(artifact)).on).toBe('validation');
      await expect(evaluateArtifact(artifact, { on: 'test' })).rejects.toThrow(
        code('NO_TARGETS', /no test targets: its split has no test part/),
      );
    });
  });
});

describe('comparing', () => {
  beforeAll(async () => {
    for (const name of ['item-knn', 'popularity'] as const)
      await saveBaseline(join(folder, name), name, LINKED, TWO_OUT);
  });
  const at = (...names: string[]) => names.map((name) => join(folder, name));

  test('asks every artifact the same questions, and tells groups with one user', async () => {
    const { on, users, models } = await compareArtifacts(at('item-knn', 'popularity'), open);
    expect([on, users]).toEqual(['test', 11]);
    expect(models.map(({ model }) => model)).toEqual(['item-knn', 'popularity']);
    const [knn, popularity] = models;
    expect(knn.p).toBeNull();
    expect(popularity.p!['hr@1']).toBe(1); // both foretell Ann's target and no other
    // Ann alone has a target that stands in training: she is a group by herself.
    const groups = Object.entries(popularity.groups);
    const [group] = groups.find(([, { metrics }]) => metrics['hr@1'].users === 1)!;
    expect(groups.map(([, { metrics }]) => metrics['hr@1'].users).sort()).toEqual([1, 10]);
    const alone = popularity.groups[group as keyof typeof popularity.groups]!;
    expect(alone.metrics['hr@1'].value).toBe(1);
    expect(alone.p!['hr@1']).toBe(1);
    expect(knn.groups[group as keyof typeof knn.groups]!.metrics['hr@1'].value).toBe(1);
    // One user is no ground for a difference, whatever it is.
    for (const { p } of Object.values(popularity.groups))
      for (const value of Object.values(p!)) expect(value).toBeGreaterThanOrEqual(0);
    expect(Object.values(alone.p!)).toEqual([1, 1]);
  });

  test('needs two artifacts, of the same data and split the same way', async () => {
    await expect(compareArtifacts(at('item-knn'), open)).rejects.toThrow(code('BAD_OPTION'));
    await saveBaseline(
      join(folder, 'other'),
      'popularity',
      { ...LINKED, bob: ['s', 'v', 't', 'q'] },
      TWO_OUT,
    );
    await expect(compareArtifacts(at('item-knn', 'other'), open)).rejects.toThrow(
      code('OTHER_DATA', /trained on other data/),
    );
    await saveBaseline(join(folder, 'one-out'), 'popularity', LINKED, { metrics: TWO_OUT.metrics });
    await expect(compareArtifacts(at('one-out', 'item-knn'), open)).rejects.toThrow(
      code('OTHER_DATA', /validation targets are others/),
    );
  });
});

describe('a two-tower', () => {
  const config = checkConfig({
    name: 'towers',
    split: { kind: 'leave-last-two-out' },
    model: ({ items }: { items: number }) => {
      expect(items).toBe(24);
      return twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8 }) });
    },
    negatives: [{ kind: 'uniform', count: 10 }],
    batchSize: 64,
    epochs: 2,
    threads: 1,
  });

  test('that was refitted has no validation targets left, and is evaluated on the test targets', async () => {
    const prepared = await prepare(datasetOf(shopRows), config);
    const engine = await createEngine({ threads: 1 });
    for (const refit of [false, true]) {
      const model = buildModel(config, shapesOf(prepared));
      const trained = await trainTwoTower(prepared, { config: { ...config, refit }, model, engine });
      if (trained.interrupted) throw new Error('nobody stopped it');
      await trained.save(join(folder, refit ? 'refitted' : 'fitted'));
    }
    await engine.dispose();
    await opened(join(folder, 'fitted'), async (artifact) => {
      expect(artifact.validation!.entries).toBe(40);
      expect(artifact.histories.entries).toBe(3 * 40);
      expect(await evaluateArtifact(artifact, { on: 'validation' })).toMatchObject({
        chosenOn: 'validation',
        users: 40,
      });
    });
    await opened(join(folder, 'refitted'), async (artifact) => {
      expect(artifact.validation).toBeUndefined();
      expect(artifact.histories.entries).toBe(4 * 40); // training and validation rows
      await expect(evaluateArtifact(artifact, { on: 'validation' })).rejects.toThrow(
        code('NO_TARGETS', /was refitted on its validation targets/),
      );
      const { on, users, metrics } = await evaluateArtifact(artifact);
      expect([on, users]).toEqual(['test', 40]);
      expect(metrics['hr@10'].value).toBeGreaterThan(0);
      const { histories } = await readQuestions(artifact);
      expect(histories.entries).toBe(4 * 40);
    });
    const { models } = await compareArtifacts([join(folder, 'fitted'), join(folder, 'refitted')], open, {
      on: 'test',
    });
    expect(models.map(({ metrics }) => metrics['hr@10'].users)).toEqual([40, 40]);
    await expect(
      compareArtifacts([join(folder, 'fitted'), join(folder, 'refitted')], open, { on: 'validation' }),
    ).rejects.toThrow(code('OTHER_DATA', /refitted on the validation targets/));
  });
});
