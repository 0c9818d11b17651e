import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, ITEMS, lastLine, removeFolder, towerkit, USERS, workFolder, writeRing } from './command.js';

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
let said: string;

const config = (users: object, data = {}) => `
import { defineConfig } from 'towerkit';
export default defineConfig({
  name: 'known',
  data: {
    path: 'ring',
    dataset: { file: 'interactions.csv', columns: { user: 'who', item: 'what', time: 'when' } },
    users: ${JSON.stringify(users)},
    ...${JSON.stringify(data)},
  },
  negatives: [{ kind: 'uniform', count: 20 }],
  batchSize: 64,
  epochs: 4,
  threads: 1,
});
`;
const features = { categories: { place: {} }, numeric: { age: {} } };

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  // Where on the ring somebody started; the last five users have no row, and two rows are of nobody.
  const people = Array.from(
    { length: USERS - 5 },
    (_, user) => `u${user},part${Math.floor((user % ITEMS) / 5)},${user}`,
  );
  await writeFile(
    join(folder, 'ring/people.csv'),
    `who,place,age\n${people.join('\n')}\nx,part1,3\ny,part2,\n`,
  );
  await writeFile(join(folder, 'known.mjs'), config({ file: 'people.csv', features }));
  const run = await towerkit(['train', '--config', 'known.mjs', '--json'], folder);
  trained = lastLine(run);
  said = run.stderr;
});
afterAll(() => removeFolder(folder));

const recommend = (...args: string[]) =>
  towerkit(['recommend', '--artifact', trained.artifact, '--json', '-k', '5', ...args], folder);

describe('a table of users', () => {
  test('its misses of both kinds are printed and in the JSON', () => {
    expect(said).toContain(
      'table of users: 5 users with interactions have no row in it, 2 of its rows have no interaction',
    );
    expect(trained.dataset.user_table).toEqual({ users_without_row: 5, rows_without_interactions: 2 });
  });

  test('the artifact holds it, and evaluates to the figures of the training', async () => {
    expect(await filesIn(join(folder, trained.artifact))).toEqual(
      expect.arrayContaining(['users.parquet', 'user_rows.safetensors']),
    );
    const { metrics } = lastLine(
      await towerkit(['evaluate', '--artifact', trained.artifact, '--json'], folder),
    );
    for (const [name, { value }] of Object.entries<{ value: number }>(metrics))
      expect(value).toBeCloseTo(trained.metrics[name].value, 5);
  });

  test('says who asks: alone, beside a history, and in place of what it says of a user', async () => {
    const source = async (...args: string[]) => lastLine(await recommend(...args)).source;
    expect(await source('--user-features', 'place=part2', '--user-features', 'age=11')).toBe('two-tower');
    expect(await source('--user-features', 'place=nowhere')).toBe('popularity');
    const asked = async (...args: string[]) => lastLine(await recommend(...args)).items;
    const plain = await asked('--history', 'i3');
    expect(await asked('--history', 'i3', '--user-features', 'place=part7')).not.toEqual(plain);
    const known = await asked('--user', 'u1');
    expect(await asked('--user', 'u1', '--user-features', 'place=part0')).toEqual(known);
    expect(await asked('--user', 'u1', '--user-features', 'place=part7')).not.toEqual(known);
  });

  test.each([
    ['BAD_USAGE', ['--user-features', 'place']],
    ['BAD_USAGE', ['--user-features', 'place=part1', '--text', 'words']],
    ['BAD_USAGE', []],
    ['UNKNOWN_FEATURE', ['--user-features', 'income=3']],
    ['BAD_FEATURE', ['--user-features', 'age=old']],
  ])('%s: %j', async (code, args) => {
    const { status, stderr } = await recommend(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error ${code}: .*\n`));
  });

  test.each([
    [
      'DUPLICATE_ID',
      'twice.csv, line 3: the user "u1" is on line 2 already',
      { file: 'twice.csv', features },
    ],
    [
      'MISSING_COLUMN',
      'people.csv has no column "id"',
      { file: 'people.csv', columns: { id: 'id' }, features },
    ],
    ['BAD_CONFIG', 'data.users.features', { file: 'people.csv', features: {} }],
  ])('%s: nothing is left behind', async (code, message, users) => {
    await writeFile(join(folder, 'ring/twice.csv'), 'who,place,age\nu1,a,1\nu1,b,2\n');
    await writeFile(join(folder, 'bad.mjs'), config(users));
    const { status, stderr } = await towerkit(['train', '--config', 'bad.mjs', '--out', 'bad'], folder);
    expect(status).toBe(2);
    expect(stderr).toContain(`error ${code}: `);
    expect(stderr).toContain(message);
    expect((await filesIn(folder)).filter((name) => /^bad($|\/)/.test(name))).toEqual([]);
  });
});
