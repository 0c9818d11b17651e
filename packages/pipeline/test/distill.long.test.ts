import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readArtifact } from '@towerkit/artifact';
import { createEngine } from '@towerkit/engine';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import {
  checkConfig,
  fitTeacher,
  openTeacher,
  prepare,
  shapesOf,
  trainRecommender,
  trainTwoTower,
  type BaselineName,
  type TrainRecommenderOptions,
} from '../src/index.js';
import { arraysOf, datasetOf, opened, saveBaseline, shopRows, type Rows } from './toy.js';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-distill-'))));
afterAll(() => rm(folder, { recursive: true }));

/** The same rows with the users and items in another order, without the users that end in 3, and without the item i4. */
const otherRows: Rows = Object.fromEntries(
  Object.entries(shopRows)
    .reverse()
    .filter(([user]) => !user.endsWith('3'))
    .map(([user, items]) => [user, items.filter((item) => item !== 'i4')]),
);

const options: TrainRecommenderOptions = {
  interactions: arraysOf(shopRows),
  model: () =>
    twoTower({ item: itemTower({ dimensions: 8 }), user: gruTower({ dimensions: 8, dropout: 0, id: 8 }) }),
  negatives: [{ kind: 'uniform', count: 24 }],
  batchSize: 64,
  optimizer: { learningRate: 0.02 },
  epochs: 1,
  threads: 1,
  seed: 3,
};
const saved = async (name: BaselineName, rows: Rows) => {
  const into = join(folder, `${name}-${Object.keys(rows).length}`);
  await saveBaseline(into, name, rows, name === 'als' ? { baselines: { als: { factors: 8 } } } : {});
  return into;
};
const asked = () => prepare(datasetOf(shopRows), checkConfig({ name: 'asked' }));

describe('a teacher', () => {
  test.each(['als', 'item-knn'] as const)('%s: scores of others are matched by their ids', async (kind) => {
    const path = await saved(kind, otherRows);
    const prepared = await asked();
    const { users, items } = prepared.log;
    const teacher = await openTeacher(path, prepared, { threads: 1 });
    const who = ['u7', 'u0', 'u3'];
    const what = ['i9', 'i4', 'i0', 'i23'];
    const scores = await teacher.scores(
      Int32Array.from(who, (name) => users.indexOf(name)!),
      Int32Array.from(what, (name) => items.indexOf(name)!),
    );
    await opened(path, async ({ model, items: known, users: knownUsers }) => {
      for (const [row, name] of who.entries()) {
        const history = Array.from(prepared.histories.row(users.indexOf(name)!), (item) =>
          known.indexOf(items.nameOf(item)),
        ).filter((item) => item !== undefined);
        const all = new Float32Array(known.size);
        await model.score([history], all, [knownUsers.indexOf(name) ?? -1]);
        for (const [column, item] of what.entries()) {
          const expected = known.indexOf(item) === undefined ? NaN : all[known.indexOf(item)!];
          expect(scores[row * what.length + column]).toEqual(expected);
        }
      }
    });
    expect(scores[1]).toBeNaN();
    await teacher.dispose();
  });

  test('that is fitted first scores as its artifact would', async () => {
    const config = checkConfig({ name: 'fitted', threads: 1, baselines: { als: { factors: 8 } } });
    const prepared = await prepare(datasetOf(shopRows), config);
    const path = await saved('als', shopRows);
    const [first, second] = [
      await fitTeacher('als', prepared, config, {}),
      await openTeacher(path, prepared, { threads: 1 }),
    ];
    const [users, candidates] = [Int32Array.of(0, 5), Int32Array.of(3, 0, 20)];
    const scores = await first.scores(users, candidates);
    expect(Array.from(scores).every(Number.isFinite)).toBe(true);
    const wanted = await second.scores(users, candidates);
    scores.forEach((score, at) => expect(score).toBeCloseTo(wanted[at], 5));
    await first.dispose();
    await second.dispose();
  });

  test('is a folder or a baseline, not both, and a config may name either', async () => {
    for (const distill of [{}, { teacher: 'x', baseline: 'als' as const }])
      expect(() => checkConfig({ name: 'taught', distill })).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIG' }),
      );
    const student = await trainRecommender({
      ...options,
      distill: { baseline: 'als' },
      baselines: { als: { factors: 8, iterations: 2 } },
    });
    await student.save(join(folder, 'taught-by-als'));
    await student.dispose();
    const { manifest } = await readArtifact(join(folder, 'taught-by-als'));
    expect(manifest.recipe.distill).toMatchObject({ baseline: 'als', alpha: 0.5, by: 'mse' });
  });

  test('that is all a model learns from: their scores agree, as they do not without it', async () => {
    const path = await saved('als', shopRows);
    const agreement = async (more: Partial<TrainRecommenderOptions>) => {
      const student = await trainRecommender({ ...options, ...more });
      const { model, histories, items } = student.artifact;
      let sum = 0;
      await opened(path, async ({ model: teacher }) => {
        for (let user = 0; user < histories.rows; user++) {
          const [own, wanted] = [new Float32Array(items.size), new Float32Array(items.size)];
          await model.score([histories.row(user)], own, [user]);
          await teacher.score([histories.row(user)], wanted, [user]);
          sum += cosine(own, wanted) / histories.rows;
        }
      });
      await student.dispose();
      return sum;
    };
    const taught = await agreement({
      distill: { teacher: path, alpha: 1, by: 'cosine' },
      epochs: 60,
      earlyStopping: false,
    });
    expect(taught).toBeGreaterThan(0.8);
    expect(taught).toBeGreaterThan((await agreement({ epochs: 60, earlyStopping: false })) + 0.1);
  });

  test('the artifact says what it was taught by, and not where that was', async () => {
    const path = await saved('als', otherRows);
    const student = await trainRecommender({ ...options, distill: { teacher: path } });
    await student.save(join(folder, 'student'));
    await student.dispose();
    const { manifest } = await readArtifact(join(folder, 'student'));
    expect(manifest.recipe.distill).toEqual({ teacher: basename(path), alpha: 0.5, by: 'mse' });
    expect(manifest.model.loss).toBe('distillation');
  });
});

describe('a teacher is refused', () => {
  const taughtBy = (teacher: string) => trainRecommender({ ...options, distill: { teacher } });

  test('where there is none', async () => {
    await expect(taughtBy(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
  });

  test('that knows none of the items', async () => {
    const strange = Object.fromEntries(
      Object.entries(shopRows).map(([user, items]) => [user, items.map((item) => `other ${item}`)]),
    );
    await saveBaseline(join(folder, 'strange'), 'popularity', strange);
    await expect(taughtBy(join(folder, 'strange'))).rejects.toMatchObject({ code: 'NO_OVERLAP' });
  });

  test('that was refitted on the validation rows, which are to judge the student', async () => {
    const config = checkConfig({ name: 'refitted', epochs: 1, threads: 1 });
    const prepared = await asked();
    const engine = await createEngine({ threads: 1 });
    const model = options.model!(shapesOf(prepared));
    const trained = await trainTwoTower(prepared, { config, model, engine, refit: true });
    if (trained.interrupted) throw new Error('it was not to be');
    await trained.save(join(folder, 'refitted'));
    await engine.dispose();
    await expect(taughtBy(join(folder, 'refitted'))).rejects.toMatchObject({ code: 'OTHER_DATA' });
  });

  test.each([
    [{ teacher: '' }, /distill\.teacher/],
    [{ teacher: 'a', alpha: 0 }, /distill\.alpha/],
    [{ teacher: 'a', by: 'mean' }, /distill\.by/],
    [{ teacher: 'a', alpa: 0.5 }, /did you mean "alpha"/],
  ])('%j is no config', (distill, message) => {
    expect(() => checkConfig({ name: 'x', distill })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    );
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, k) => sum + value * y[k], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
