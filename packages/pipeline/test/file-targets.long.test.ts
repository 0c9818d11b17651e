import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fullHistories } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import { encodeInteractions, writeTable } from '@towerkit/data';
import type { OpenArtifact } from '@towerkit/recommend';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  checkConfig,
  compareArtifacts,
  evaluateArtifact,
  prepare,
  trainBaseline,
  type BaselineName,
} from '../src/index.js';
import { arraysOf, open, opened, shopRows } from './toy.js';

const COLUMNS = { user: 'household_id', item: 'product_id', time: 'day', rating: 'stars' };

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-targets-'));
  for (const name of ['item-knn', 'popularity', 'svd'] as const) await save(name);
});
afterAll(() => rm(folder, { recursive: true }));

/** Ratings by hand: the later somebody took something, the better they liked it. */
async function save(name: BaselineName): Promise<void> {
  const arrays = arraysOf(shopRows);
  const rating = arrays.time.map((time) => 1 + (time % 5));
  const config = checkConfig({
    name: 'shop',
    threads: 1,
    metrics: ['hr@3'],
    data: { dataset: { columns: COLUMNS } },
  });
  const dataset = { name: 'by hand', log: encodeInteractions({ ...arrays, rating }) };
  const trained = await trainBaseline(name, await prepare(dataset, config), config);
  await trained.save(at(name));
  await trained.model.dispose?.();
}

async function targetsFile(name: string, rows: readonly string[], columns = 'household_id,product_id') {
  await writeFile(at(name), [columns, ...rows, ''].join('\n'));
  return at(name);
}

/** Reciprocal ranks and recall at 5 of every user by a sort of all items; an unknown item is in no list. */
async function oracle(artifact: OpenArtifact, rows: readonly string[]) {
  const { users, items, model } = artifact;
  const wanted = new Map<number, Set<string>>();
  for (const row of rows) {
    const [user, item] = row.split(',');
    const id = users.indexOf(user);
    if (id !== undefined) wanted.set(id, (wanted.get(id) ?? new Set()).add(item));
  }
  const found: { mrr: number; recall: number }[] = [];
  let repeats = 0;
  for (const [user, names] of wanted) {
    const history = Array.from(fullHistories(artifact).row(user));
    const scores = new Float32Array(items.size);
    await model.score([history], scores, [user]);
    const had = new Set(history.map((item) => items.nameOf(item)));
    const targets = [...names].filter((name) => !had.has(name));
    repeats += names.size - targets.length;
    if (targets.length === 0) continue;
    const isTarget = (item: number) => Number(targets.includes(items.nameOf(item)));
    const list = Array.from(scores.keys())
      .filter((item) => !had.has(items.nameOf(item)))
      .sort((a, b) => scores[b] - scores[a] || isTarget(a) - isTarget(b));
    const places = targets.map((name) => list.findIndex((item) => items.nameOf(item) === name) + 1);
    const ranks = places.filter((place) => place > 0);
    const mrr = ranks.length > 0 ? 1 / Math.min(...ranks) : 0;
    found.push({ mrr, recall: ranks.filter((rank) => rank <= 5).length / targets.length });
  }
  const mean = (of: 'mrr' | 'recall') => found.reduce((sum, one) => sum + one[of], 0) / found.length;
  return { users: found.length, repeats, mrr: mean('mrr'), recall: mean('recall') };
}

describe('targets of a file', () => {
  test.each(['item-knn', 'popularity'])(
    '%s: rows drawn at random give what a sort of all items gives',
    async (name) => {
      const rng = new Rng(3);
      await opened(at(name), async (artifact) => {
        for (let round = 0; round < 25; round++) {
          const rows = Array.from(
            { length: 1 + rng.integer(60) },
            () => `u${rng.integer(50)},i${rng.integer(30)}`,
          );
          rows.push('u1,i1'); // somebody is known
          const isUnknown = (of: 'u' | 'i', most: number) => (row: string) =>
            Number(row.split(',')[of === 'u' ? 0 : 1].slice(1)) >= most;
          const strangers = rows.filter(isUnknown('u', 40));
          const news = rows.filter(isUnknown('i', 24));
          const wanted = await oracle(artifact, rows);
          const ask = {
            targets: await targetsFile('drawn.csv', rows),
            metrics: ['mrr', 'recall@5'] as const,
          };
          if (wanted.users === 0) {
            await expect(evaluateArtifact(artifact, ask)).rejects.toMatchObject({ code: 'NO_USERS' });
            continue;
          }
          const found = await evaluateArtifact(artifact, ask);
          expect(found.users).toBe(wanted.users);
          expect(Object.keys(found.metrics)).toEqual(['hr@3', 'mrr', 'recall@5']);
          expect(found.metrics['recall@5'].value).toBeCloseTo(wanted.recall, 10);
          expect(found.metrics.mrr.value).toBeCloseTo(wanted.mrr, 10);
          expect(found.leftOutTargets.repeat).toBe(wanted.repeats);
          expect(found.leftOut.unknownUser).toBe(new Set(strangers.map((row) => row.split(',')[0])).size);
          expect(found.unknown).toEqual({
            users: found.leftOut.unknownUser,
            userRows: strangers.length,
            items: new Set(news.map((row) => row.split(',')[1])).size,
            itemRows: news.length,
          });
        }
      });
    },
  );

  test('of any form that data comes in are the same', async () => {
    const rows = ['u0,i1', 'u0,i2', 'u3,i0', 'u9,new', 'nobody,i3'];
    const pairs = rows.map((row) => row.split(','));
    await targetsFile('same.csv', rows);
    await writeFile(
      at('same.tsv'),
      ['household_id\tproduct_id', ...pairs.map((pair) => pair.join('\t')), ''].join('\n'),
    );
    await writeFile(
      at('same.jsonl'),
      pairs.map(([household_id, product_id]) => `${JSON.stringify({ household_id, product_id })}\n`).join(''),
    );
    const schema = { household_id: 'VARCHAR', product_id: 'VARCHAR' } as const;
    await writeTable(at('same.parquet'), schema, [
      { household_id: pairs.map(([user]) => user), product_id: pairs.map(([, item]) => item) },
    ]);
    await opened(at('item-knn'), async (artifact) => {
      const ask = (form: string) => evaluateArtifact(artifact, { targets: at(`same.${form}`) });
      const wanted = await ask('csv');
      expect(wanted.users).toBe(3);
      for (const form of ['tsv', 'jsonl', 'parquet']) expect(await ask(form)).toEqual(wanted);
    });
  });

  test('are compared, too', async () => {
    const targets = await targetsFile('compared.csv', ['u0,i1', 'u1,new', 'nobody,i3']);
    const compared = await compareArtifacts([at('item-knn'), at('popularity')], open, {
      targets,
      metrics: ['recall@5'],
    });
    expect(compared).toMatchObject({ on: 'file', users: 2, leftOut: { unknownUser: 1 } });
    expect(Object.keys(compared.models[1].metrics)).toEqual(['hr@3', 'recall@5']);
  });

  test('what a file lacks is said with what it has', async () => {
    await opened(at('item-knn'), async (artifact) => {
      const ask = (targets: string, more = {}) => evaluateArtifact(artifact, { targets, ...more });
      await expect(ask(await targetsFile('columns.csv', ['u0,i1'], 'user,product_id'))).rejects.toMatchObject(
        { code: 'MISSING_COLUMN', details: { column: 'household_id', found: ['user', 'product_id'] } },
      );
      await expect(ask(await targetsFile('users.csv', ['7,i1', '8,i1']))).rejects.toMatchObject({
        code: 'NO_OVERLAP',
        details: { users: ['7', '8'] },
      });
      await expect(ask(await targetsFile('items.csv', ['u0,7', 'u1,7']))).rejects.toMatchObject({
        code: 'NO_OVERLAP',
        details: { items: ['7'] },
      });
      await expect(ask(at('none.csv'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
      const good = await targetsFile('good.csv', ['u0,i1']);
      await expect(ask(good, { metrics: ['recall'] })).rejects.toMatchObject({ code: 'BAD_METRIC' });
    });
  });
});

describe('ratings of a file', () => {
  const rows = ['u0,i1,4', 'u0,i2,2', 'u3,i0,5', 'u9,new,1', 'nobody,i3,3'];
  const columns = 'household_id,product_id,stars';

  test('are compared with those a model predicts; what is not known counts beside', async () => {
    const targets = await targetsFile('rated.csv', rows, columns);
    await opened(at('svd'), async (artifact) => {
      const { ratings } = await evaluateArtifact(artifact, { targets });
      const { users, items, model } = artifact;
      const predict = (model as unknown as { predict(users: number[], items: number[]): Float32Array })
        .predict;
      const known = rows.slice(0, 3).map((row) => row.split(','));
      const predicted = predict.call(
        model,
        known.map(([user]) => users.indexOf(user)!),
        known.map(([, item]) => items.indexOf(item)!),
      );
      const errors = known.map(([, , stars], place) => predicted[place] - Number(stars));
      const mean = artifact.manifest.model.meanRating as number;
      // Training rows are all but the last of each user's five: ratings of 1, 2, 3 and 4.
      expect(mean).toBeCloseTo(2.5, 10);
      const rmse = (all: number[]) => Math.sqrt(all.reduce((sum, one) => sum + one * one, 0) / all.length);
      const mae = (all: number[]) => all.reduce((sum, one) => sum + Math.abs(one), 0) / all.length;
      expect(ratings).toMatchObject({ known: 3, unknown: { users: 1, items: 1 } });
      expect(ratings!.errors!.rmse.value).toBeCloseTo(rmse(errors), 5);
      expect(ratings!.errors!.mae.value).toBeCloseTo(mae(errors), 5);
      const all = [...errors, mean - 1, mean - 3];
      expect(ratings!.all).toMatchObject({ mean });
      expect(ratings!.all!.rmse.value).toBeCloseTo(rmse(all), 5);
      expect(ratings!.all!.mae.value).toBeCloseTo(mae(all), 5);
    });
  });

  test('are none without the column, or of a model that predicts none', async () => {
    const rated = await targetsFile('rated-too.csv', rows, columns);
    const plain = await targetsFile('plain.csv', ['u0,i1']);
    await opened(at('svd'), async (artifact) =>
      expect((await evaluateArtifact(artifact, { targets: plain })).ratings).toBeUndefined(),
    );
    await opened(at('item-knn'), async (artifact) =>
      expect((await evaluateArtifact(artifact, { targets: rated })).ratings).toBeUndefined(),
    );
  });
});
