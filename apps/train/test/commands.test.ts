import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readTable } from '@towerkit/data';
import { verifyArtifact } from '@towerkit/artifact';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  filesIn,
  interactionLines,
  ITEMS,
  lastLine,
  removeFolder,
  towerkit,
  USERS,
  workFolder,
  writeRing,
} from './command.js';

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  const run = await towerkit(['train', '--config', 'ring.mjs', '--profile', '--json'], folder);
  expect(run.stderr).toContain('where the time went');
  expect(run.stdout.trimEnd().split('\n')).toHaveLength(1);
  trained = lastLine(run);
});
afterAll(() => removeFolder(folder));

const estimate = {
  value: expect.any(Number),
  low: expect.any(Number),
  high: expect.any(Number),
  users: USERS,
};
const metrics = { 'hr@10': estimate, 'ndcg@10': estimate, 'hr@20': estimate };

describe('train', () => {
  test('reports what the contract says', () => {
    expect(trained).toEqual({
      artifact: join('artifacts', 'ring'),
      dataset: { users: USERS, items: ITEMS, interactions: 8 * USERS },
      epochs: expect.any(Array),
      fit_seconds: expect.any(Number),
      peak_memory_bytes: expect.any(Number),
      metrics,
      baselines: { popularity: metrics },
    });
    expect(trained.epochs[0]).toEqual({
      epoch: 1,
      seconds: expect.any(Number),
      examples: 6 * USERS,
      examples_per_second: expect.any(Number),
      loss: expect.any(Number),
      metrics,
    });
    const best = Math.max(...trained.epochs.map((one: typeof trained) => one.metrics['ndcg@10'].value));
    expect(trained.metrics['ndcg@10'].value).toBe(best);
    expect(best).toBeGreaterThan(2 * trained.baselines.popularity['ndcg@10'].value);
  });

  test('leaves a whole artifact, and the run beside it', async () => {
    expect(await filesIn(join(folder, 'artifacts'))).toEqual(
      expect.arrayContaining([
        'ring',
        'ring.run',
        join('ring.run', 'metrics.jsonl'),
        join('ring.run', 'checkpoints'),
      ]),
    );
    const artifact = join(folder, 'artifacts/ring');
    const manifest = (await verifyArtifact(artifact)).manifest;
    expect(manifest).toMatchObject({
      kind: 'two-tower',
      name: 'ring',
      dataset: { name: 'custom', users: USERS },
    });
    expect(manifest.recipe).toMatchObject({
      epochs: 4,
      batchSize: 64,
      maxLength: 20,
      data: { dataset: { file: 'interactions.csv' } },
    });
    expect(manifest.packages).toMatchObject({
      '@towerkit/pipeline': expect.any(String),
      '@tensorflow/tfjs-core': expect.any(String),
    });
    expect(manifest.model).toMatchObject({
      refit: false,
      features: { kind: { kind: 'categorical' }, price: { kind: 'numeric' } },
    });
    const items = await readTable(join(artifact, 'items.parquet'));
    expect(items.columns.id[1]).toBe(String(items.columns.title[1]).replace('Item ', 'i'));
    expect(Array.from(items.columns.training_count as Int32Array).reduce((sum, n) => sum + n)).toBe(
      7 * USERS,
    );
    expect(items.columns.price).toContain(null);
    const histories = await readTable(join(artifact, 'histories.parquet'));
    const walk = interactionLines().filter((line) => line.startsWith('u3,'));
    const user = (histories.columns.user as string[]).indexOf('u3');
    const names = Array.from(histories.columns.items[user] as Int32Array, (item) => items.columns.id[item]);
    expect(names).toEqual(walk.slice(0, -1).map((line) => line.split(',')[1]));
    const validation = await readTable(join(artifact, 'validation.parquet'));
    expect(validation.rows).toBe(USERS);
    expect(items.columns.id[(validation.columns.items as Int32Array[])[user][0]]).toBe(
      walk.at(-1)!.split(',')[1],
    );
  });

  test('without --json it prints a table, with users by title', async () => {
    const { status, stdout } = await towerkit(
      ['train', '--config', 'ring.mjs', '--epochs', '1', '--out', 'plain'],
      folder,
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^model +hr@10 +ndcg@10 +hr@20$/m);
    expect(stdout).toMatch(/^popularity +0\.\d{4} \[/m);
    expect(stdout).toMatch(/u\d+ had[\s\S]*Item \d+[\s\S]*is recommended:\n {4}1\. Item/);
  });

  test('runs eagerly on tfjs as well', async () => {
    const args = [
      'train',
      '--config',
      'ring.mjs',
      '--epochs',
      '1',
      '--engine',
      'tfjs',
      '--out',
      'eager',
      '--json',
    ];
    const run = await towerkit(args, folder);
    expect(run.stderr).toContain('engine: tfjs');
    expect(lastLine(run).epochs[0].loss).toBeCloseTo(trained.epochs[0].loss, 3);
  });

  test('--refit trains on all rows and keeps the metrics of the validated run', async () => {
    const run = await towerkit(
      ['train', '--config', 'ring.mjs', '--refit', '--out', 'refit', '--json'],
      folder,
    );
    expect(lastLine(run).metrics).toEqual(trained.metrics);
    const manifest = (await verifyArtifact(join(folder, 'refit'))).manifest;
    expect(manifest.model.refit).toBe(true);
    expect(Object.keys(manifest.files)).not.toContain('validation.parquet');
    const histories = await readTable(join(folder, 'refit/histories.parquet'));
    expect((histories.columns.items as Int32Array[]).every((items) => items.length === 8)).toBe(true);
    const asked = await towerkit(['evaluate', '--artifact', 'refit'], folder);
    expect(asked).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error NO_TARGETS: /),
    });
    await writeFile(join(folder, 'next.csv'), 'who,what\nu0,i39\n');
    expect(
      lastLine(await towerkit(['evaluate', '--artifact', 'refit', '--targets', 'next.csv', '--json'], folder))
        .users,
    ).toBe(1);
  });
});

describe('evaluate', () => {
  const evaluate = async (...args: string[]) =>
    lastLine(await towerkit(['evaluate', '--artifact', 'artifacts/ring', '--json', ...args], folder));

  test('finds the figures of training again, with and without the data', async () => {
    const own = await evaluate();
    expect(own).toEqual({
      artifact: 'artifacts/ring',
      targets: 'validation',
      chosen_on: 'validation',
      users: USERS,
      repeats: 'exclude',
      left_out: { repeat: 0, new_item: 0, unknown_user: 0, unknown_item: 0 },
      left_out_targets: { repeat: 0, new_item: 0 },
      metrics,
      baselines: { popularity: metrics },
      groups: { many: metrics }, // every item has five training rows or more
    });
    expect(own.groups.many).toEqual(own.metrics);
    for (const name of Object.keys(metrics)) {
      expect(own.metrics[name].value).toBeCloseTo(trained.metrics[name].value, 6);
      expect(own.baselines.popularity[name]).toEqual(trained.baselines.popularity[name]);
    }
    expect(await evaluate('--data', 'ring')).toEqual(own);
  });

  test('asks for the targets of a file after the whole history', async () => {
    const has = (user: string, item: number) =>
      interactionLines().some((line) => line.startsWith(`${user},i${item},`));
    const fresh = (user: string) =>
      Array.from({ length: ITEMS }, (_, item) => item).find((item) => !has(user, item));
    const repeat = interactionLines()
      .findLast((line) => line.startsWith('u3,'))!
      .split(',')[1];
    const pairs = [`u0,i${fresh('u0')}`, `u1,i${fresh('u1')}`, 'nobody,i1', 'u2,nothing', `u3,${repeat}`];
    const targets = ['who,what', ...pairs];
    await writeFile(join(folder, 'targets.csv'), `${targets.join('\n')}\n`);
    const own = await evaluate('--targets', 'targets.csv');
    expect(own).toMatchObject({
      targets: 'targets.csv',
      users: 3, // u2's item is unknown: a target that is missed
      left_out: { repeat: 1, unknown_user: 1, unknown_item: 0 },
      left_out_targets: { repeat: 1 },
      unknown: { users: 1, user_rows: 1, items: 1, item_rows: 1 },
    });
    expect(await evaluate('--targets', 'targets.csv', '--data', 'ring')).toEqual(own);
  });

  test('a user and an item that came after training are known by --data alone', async () => {
    await writeRing(join(folder, 'later'));
    const lines = [...interactionLines(), 'new,i5,0', 'new,i6,1', 'new,i-new,2', 'late,i-new,0'];
    await writeFile(join(folder, 'later/ring/interactions.csv'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'targets.csv'), 'who,what\nnew,i7\nlate,i8\n');
    expect(await evaluate('--targets', 'targets.csv', '--data', 'later/ring')).toMatchObject({
      users: 1,
      left_out: { repeat: 0, unknown_user: 1, unknown_item: 0 },
    });
  });

  test('--users takes the same sample every time', async () => {
    const first = await evaluate('--users', '7');
    expect(first.users).toBe(7);
    expect(await evaluate('--users', '7')).toEqual(first);
  });
});

describe('recommend', () => {
  const recommend = (...args: string[]) =>
    towerkit(['recommend', '--artifact', 'artifacts/ring', ...args], folder);

  test('to a user: nothing they had, best first, by title', async () => {
    const { items, source } = lastLine(await recommend('--user', 'u3', '-k', '5', '--json'));
    expect(source).toBe('two-tower');
    expect(items).toHaveLength(5);
    expect(items[0]).toEqual({
      id: expect.stringMatching(/^i\d+$/),
      score: expect.any(Number),
      title: expect.stringMatching(/^Item/),
    });
    const had = interactionLines()
      .filter((line) => line.startsWith('u3,'))
      .map((line) => line.split(',')[1]);
    for (const { id } of items) expect(had).not.toContain(id);
    expect(items.map((item: { score: number }) => item.score)).toEqual(
      items.map((item: { score: number }) => item.score).sort((a: number, b: number) => b - a),
    );
  });

  test('to a history, and to nobody in particular', async () => {
    const had = lastLine(await recommend('--history', 'i1,i2,i4', '--json'));
    expect(had).toMatchObject({ source: 'two-tower', items: expect.any(Array) });
    expect(had.items).toHaveLength(10);
    const popular = lastLine(await recommend('--history', '', '-k', '3', '--json'));
    expect(popular.source).toBe('popularity');
    expect(popular.items[0].score).toBeGreaterThanOrEqual(popular.items[2].score);
    expect((await recommend('--history', 'i1')).stdout).toMatch(/two-tower\n +1\. .*Item/);
  });

  test('to everybody, as CSV and as Parquet', async () => {
    const answer = lastLine(await recommend('--all', '--out', 'all.csv', '-k', '4', '--json'));
    expect(answer).toEqual({ out: 'all.csv', users: USERS, rows: 4 * USERS });
    const lines = (await readFile(join(folder, 'all.csv'), 'utf8')).trim().split('\n');
    expect(lines[0]).toBe('user,rank,item,score');
    const one = lastLine(await recommend('--user', 'u7', '-k', '4', '--json'));
    const listed = lines.filter((line) => line.startsWith('u7,')).map((line) => line.split(',')[2]);
    expect(listed).toEqual(one.items.map((item: { id: string }) => item.id));
    await recommend('--all', '--out', 'all.parquet', '-k', '4');
    const part = lastLine(await recommend('--all', '--shard', '1/1', '--out', 'parts/', '-k', '4', '--json'));
    expect(part).toMatchObject({ out: 'parts/part-00001-of-00001.parquet', rows: answer.rows });
    expect((await recommend('--all', '--shard', '3/2', '--out', 'parts/')).stderr).toContain('BAD_OPTION');
    expect((await readTable(join(folder, 'all.parquet'))).rows).toBe(4 * USERS);
  });
});

test('--help shows the keys of a config with their defaults', async () => {
  const { status, stdout } = await towerkit(['train', '--help'], folder);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ {2}maxLength +.*\[20\]$/m);
  expect(stdout).toMatch(/^ {2}optimizer\.learningRate +.*\[0\.005\]$/m);
});
