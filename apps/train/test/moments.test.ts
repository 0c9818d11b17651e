import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Rng } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { filesIn, lastLine, removeFolder, towerkit, workFolder } from './command.js';

const DEVICES = ['phone', 'tv'];
/** Hours in Vienna, and in UTC, where the file has them: it is winter. */
const HOURS = { 8: '07', 20: '19' } as const;

let folder: string;
let trained: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
let said: string;

/** Eighty users who take, at an hour and on a device, one of the ten items of that moment. */
function takenLines(): string[] {
  const rng = new Rng(2);
  return Array.from({ length: 80 }, (_, user) =>
    Array.from({ length: 8 }, (_, step) => {
      const hour = rng.integer(2) ? 8 : 20;
      const device = DEVICES[rng.integer(2)];
      const item = `${device}${hour}-${rng.integer(10)}`;
      const people = device === 'tv' ? 2 + rng.integer(3) : 1;
      return `u${user},${item},2024-01-${String(1 + 3 * step).padStart(2, '0')}T${HOURS[hour]}:15Z,${device},${people}`;
    }),
  ).flat();
}

const config = `
import { defineConfig, gruTower, itemTower, twoTower } from 'towerkit';
export default defineConfig({
  name: 'moments',
  data: {
    path: '.',
    dataset: { file: 'taken.csv', columns: { user: 'who', item: 'what', time: 'at' } },
    clean: { dedupe: 'last' },
    moment: {
      time: ['hour'],
      timeZone: 'Europe/Vienna',
      columns: { device: 'with' },
      features: { categories: { device: {} }, numeric: { people: { scale: 'min-max' } } },
    },
  },
  split: { kind: 'leave-last-two-out' },
  model: ({ moment }) =>
    twoTower({
      item: itemTower({ dimensions: 8 }),
      user: gruTower({ dimensions: 8, dropout: 0, inputs: moment.inputs }),
    }),
  batchSize: 64,
  negatives: [{ kind: 'uniform', count: 20 }],
  optimizer: { learningRate: 0.03 },
  epochs: 12,
  earlyStopping: false,
  threads: 1,
  examples: 1,
});
`;

beforeAll(async () => {
  folder = await workFolder();
  await writeFile(join(folder, 'taken.csv'), `${['who,what,at,with,people', ...takenLines()].join('\n')}\n`);
  await writeFile(join(folder, 'moments.mjs'), config);
  const run = await towerkit(['train', '--config', 'moments.mjs', '--json'], folder);
  trained = lastLine(run);
  said = run.stderr;
});
afterAll(() => removeFolder(folder));

const recommend = (...args: string[]) =>
  towerkit(['recommend', '--artifact', trained.artifact, '--json', '-k', '3', ...args], folder);
const asked = async (...args: string[]) => {
  const { items, source } = lastLine(await recommend(...args));
  return { ids: items.map(({ id }: { id: string }) => id) as string[], source: source as string };
};
const context = (...pairs: string[]) => pairs.flatMap((pair) => ['--context', pair]);

describe('columns of the interactions as the moment of a question', () => {
  test('are kept with the targets, and the artifact evaluates to the figures of the training', async () => {
    const { columns } = await readTable(join(folder, trained.artifact, 'test.parquet'));
    expect(Object.keys(columns).sort()).toEqual([
      'items',
      'moment/device',
      'moment/hour',
      'moment/people',
      'user',
    ]);
    const evaluate = (...args: string[]) =>
      towerkit(['evaluate', '--artifact', trained.artifact, '--json', ...args], folder);
    const { metrics } = lastLine(await evaluate('--on', 'validation'));
    for (const [name, { value }] of Object.entries<{ value: number }>(metrics))
      expect(value).toBeCloseTo(trained.metrics[name].value, 5);
    expect(metrics['hr@10'].value).toBeGreaterThan(0.9);
    expect(lastLine(await evaluate('--on', 'validation', '--data', '.')).metrics).toEqual(metrics);
    await writeFile(join(folder, 'targets.csv'), 'who,what\nu1,tv8-1\n');
    expect((await evaluate('--targets', 'targets.csv')).stderr).toMatch(
      /^error MISSING_CONTEXT: .*targets of the file/,
    );
  });

  test('decide the answer, be they said or those of the time; a value that is not known is empty', async () => {
    for (const [hour, device, people] of [
      ['08', 'tv', 3],
      ['20', 'phone', 1],
    ]) {
      const known = ['--user', 'u1', ...context(`device=${device}`, `people=${people}`)];
      const said = await asked(...known, ...context(`hour=${Number(hour)}`));
      for (const id of said.ids) expect(id).toMatch(new RegExp(`^${device}${Number(hour)}-`));
      expect(await asked(...known, '--at', `2024-07-01T${hour}:59+02:00`)).toEqual(said); // summer in Vienna
    }
    const alone = await asked(...context('device=tv', 'people=3', 'hour=8'));
    expect([alone.source, alone.ids[0].slice(0, 4)]).toEqual(['two-tower', 'tv8-']);
    expect((await asked(...context('device=', 'people=', 'hour='))).source).toBe('popularity');
    expect((await asked('--history', 'tv8-1', ...context('device=', 'people='))).source).toBe('two-tower');
    expect(said).toMatch(/took next: .* \(device (phone|tv), people \d, hour (8|20)\)/);
  });

  test('--all asks for everybody at one moment', async () => {
    const args = context('device=phone', 'people=1', 'hour=20');
    const { status } = await recommend('--all', '--out', 'all.csv', ...args);
    expect(status).toBe(0);
    const { rows, columns } = await readTable(join(folder, 'all.csv'));
    expect(rows).toBe(240);
    for (const id of columns.item) expect(id).toMatch(/^phone20-/);
  });

  test('a refit learns from the moments of the validation rows, too', async () => {
    const run = await towerkit(
      ['train', '--config', 'moments.mjs', '--refit', '--out', 'again', '--json'],
      folder,
    );
    expect(run.status).toBe(0);
    const { metrics } = lastLine(await towerkit(['evaluate', '--artifact', 'again', '--json'], folder));
    expect(metrics['hr@10'].value).toBeGreaterThan(0.9);
  });

  test.each([
    [
      'MISSING_CONTEXT',
      /does not say people of its moment; say null, or people= on the command line/,
      ['--user', 'u1', ...context('device=tv')],
    ],
    ['UNKNOWN_CONTEXT', /no column "colour" of the moment/, ['--user', 'u1', ...context('colour=red')]],
    ['BAD_CONTEXT', /people of the moment must be a finite number/, context('device=tv', 'people=many')],
    ['BAD_CONTEXT', /hour of the moment must be one of 0, 1,/, context('device=tv', 'people=1', 'hour=25')],
    ['BAD_USAGE', /--context: "device" is no NAME=VALUE/, context('device')],
    ['BAD_USAGE', /--at: "noon" is no time/, ['--user', 'u1', '--at', 'noon']],
    ['MISSING_CONTEXT', /device, people/, ['--all', '--out', 'none.csv']],
  ])('%s %s', async (code, message, args) => {
    const { status, stderr } = await recommend(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error ${code}: `));
    expect(stderr.split('\n')[0]).toMatch(message);
    expect(await filesIn(folder)).not.toContain('none.csv');
  });

  test('a baseline reads none, is compared at the same moments, and refuses a context', async () => {
    const fitted = await towerkit(
      ['baseline', 'popularity', '--config', 'moments.mjs', '--out', 'popular'],
      folder,
    );
    expect(fitted.status).toBe(0);
    const compared = await towerkit(
      ['compare', '--artifacts', `popular,${trained.artifact}`, '--json'],
      folder,
    );
    const { models } = lastLine(compared);
    expect(models[1].metrics['hr@10'].value).toBeGreaterThan(models[0].metrics['hr@10'].value + 0.3);
    const { stderr } = await towerkit(
      ['recommend', '--artifact', 'popular', '--user', 'u1', ...context('device=tv')],
      folder,
    );
    expect(stderr).toMatch(/^error NO_CONTEXT: /);
  });
});
