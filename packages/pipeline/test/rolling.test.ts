import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullHistories } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import { encodeInteractions } from '@towerkit/data';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkConfig, evaluateArtifact, prepare, trainBaseline, trainRecommender } from '../src/index.js';
import { arraysOfMoments, moment, momentRows, settings } from './moments-toy.js';
import { arraysOf, opened, shopRows } from './toy.js';

const COLUMNS = { user: 'who', item: 'what', time: 'at' };
let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'towerkit-rolling-'))));
afterAll(() => rm(folder, { recursive: true }));

async function fitted(questions: 'together' | 'rolling') {
  const config = checkConfig({
    name: 'shop',
    threads: 1,
    questions,
    metrics: ['hr@3'],
    split: { kind: 'temporal', shares: { validation: 0.3 } },
    data: { dataset: { columns: COLUMNS } },
  });
  const prepared = await prepare({ name: 'by hand', log: encodeInteractions(arraysOf(shopRows)) }, config);
  const trained = await trainBaseline('item-knn', prepared, config);
  await trained.save(at(questions));
  await trained.model.dispose?.();
  return { prepared, metrics: trained.metrics };
}

/** Whether a target is among the three best of what somebody has not had. */
async function hits(
  score: (history: readonly number[]) => Promise<Float32Array>,
  history: readonly number[],
  target: number,
): Promise<number> {
  const scores = await score(history);
  const rivals = scores.filter(
    (value, item) => !history.includes(item) && item !== target && value >= scores[target],
  );
  return rivals.length < 3 ? 1 : 0;
}

describe('rolling questions', () => {
  test('held-back rows are asked for one by one, each after those before it', async () => {
    const { prepared, metrics } = await fitted('rolling');
    const { train, validation } = prepared.split;
    await opened(at('rolling'), async (artifact) => {
      const found: number[] = [];
      const { model, items } = artifact;
      const score = async (history: readonly number[]) => {
        const out = new Float32Array(items.size);
        await model.score([history], out, [-1]);
        return out;
      };
      for (let user = 0; user < train.rows; user++) {
        const history = Array.from(train.row(user));
        for (const target of validation.row(user)) {
          if (history.length > 0 && !history.includes(target)) found.push(await hits(score, history, target));
          history.push(target);
        }
      }
      const mean = found.reduce((sum, hit) => sum + hit, 0) / found.length;
      const evaluated = await evaluateArtifact(artifact);
      expect(evaluated.users).toBe(found.length);
      expect(evaluated.metrics['hr@3'].value).toBeCloseTo(mean, 6);
      expect(metrics['hr@3'].value).toBeCloseTo(mean, 6);
    });
  });

  test('so are the rows of a file, in the order of their times', async () => {
    await fitted('rolling');
    await opened(at('rolling'), async (artifact) => {
      const { model, items, users } = artifact;
      const all = fullHistories(artifact);
      const rng = new Rng(4);
      const found: number[] = [];
      const lines: string[] = [];
      for (const name of users.names.slice(0, 12)) {
        const history = Array.from(all.row(users.indexOf(name)!));
        for (let step = 0; step < 3; step++) {
          const target = rng.integer(items.size);
          lines.push(`${name},${items.nameOf(target)},${1000 + step}`);
          const out = new Float32Array(items.size);
          const score = async (history: readonly number[]) => {
            await model.score([history], out, [-1]);
            return out;
          };
          if (!history.includes(target)) found.push(await hits(score, history, target));
          history.push(target);
        }
      }
      // The order of the lines does not matter.
      await writeFile(at('later.csv'), ['who,what,at', ...new Rng(1).shuffle(lines), ''].join('\n'));
      const evaluated = await evaluateArtifact(artifact, { targets: at('later.csv') });
      expect(evaluated.users).toBe(found.length);
      expect(evaluated.metrics['hr@3'].value).toBeCloseTo(
        found.reduce((sum, hit) => sum + hit, 0) / found.length,
        6,
      );
      await writeFile(at('no-times.csv'), 'who,what\nu0,i1\n');
      await expect(evaluateArtifact(artifact, { targets: at('no-times.csv') })).rejects.toMatchObject({
        code: 'MISSING_COLUMN',
      });
    });
  });

  test('a tower is validated as its artifact is evaluated, at the moments of a file too', async () => {
    const rows = momentRows();
    const recommender = await trainRecommender({
      interactions: arraysOfMoments(rows),
      ...settings,
      moment,
      split: { kind: 'temporal', shares: { validation: 0.2 } },
      questions: 'rolling',
      epochs: 2,
    });
    await recommender.save(at('tower'));
    await recommender.dispose();
    await opened(at('tower'), async (artifact) => {
      const { metrics } = await evaluateArtifact(artifact, { on: 'validation' });
      for (const [name, { value }] of Object.entries(recommender.metrics))
        expect(metrics[name].value).toBeCloseTo(value, 6);
    });
  });

  test('a temporal split begins at a time or takes the last shares of the rows', async () => {
    const { prepared } = await fitted('together');
    const { train, validation } = prepared.split;
    const rows = train.entries + validation.entries;
    // Rows of one time stay together, and here ten times share all rows.
    expect(validation.entries / rows).toBeGreaterThanOrEqual(0.3);
    expect(validation.entries / rows).toBeLessThan(0.41);
    for (const split of [{}, { validation: 3, shares: { validation: 0.1 } }, { shares: { validation: 1 } }])
      expect(() => checkConfig({ name: 'bad', split: { kind: 'temporal', ...split } })).toThrow(
        expect.objectContaining({ code: 'BAD_CONFIG' }),
      );
  });
});
