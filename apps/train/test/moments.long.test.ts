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

const itemsOf = (moment: string) => Array.from({ length: 10 }, (_, item) => `${moment}-${item}`);

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
    expect(lastLine(await evaluate()).unknown_moment).toBeUndefined();
  });

  test('are not known of targets of a file: the model is asked without, and that is said', async () => {
    const targets = ['u1', 'u2'].map((user) => {
      const had = takenLines().filter((line) => line.startsWith(`${user},`));
      return itemsOf('tv8').find((item) => !had.some((line) => line.includes(`,${item},`)))!;
    });
    await writeFile(join(folder, 'targets.csv'), `who,what\nu1,${targets[0]}\nu2,${targets[1]}\n`);
    const args = ['--targets', 'targets.csv', '--metrics', 'mrr'];
    const evaluate = (...more: string[]) =>
      towerkit(['evaluate', '--artifact', trained.artifact, ...args, ...more], folder);
    const { unknown_moment, metrics, users } = lastLine(await evaluate('--json'));
    expect([unknown_moment, users]).toEqual([['device', 'hour', 'people'], 2]);
    const unsaid = context('device=', 'people=', 'hour=');
    const places = await Promise.all(
      targets.map(async (target, at) => {
        const { ids } = await asked('--user', `u${at + 1}`, '-k', '99', ...unsaid);
        return 1 + ids.indexOf(target);
      }),
    );
    expect(places).not.toContain(0);
    expect(metrics.mrr.value).toBeCloseTo((1 / places[0] + 1 / places[1]) / 2, 6);
    expect((await evaluate()).stdout).toContain(
      'the model reads device, hour, people of the moment, which these targets do not say: asked as not known\n',
    );
  });

  test('are more than an update can go on with, which changes nothing', async () => {
    const before = await filesIn(folder);
    const update = ['update', '--artifact', trained.artifact, '--data', 'taken.csv'];
    expect(await towerkit([...update, '--config', 'moments.mjs'], folder)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error OTHER_MODEL: .*moments.*\n.*train it again on all rows/),
    });
    expect(await filesIn(folder)).toEqual(before);
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
    expect(models.map((model: typeof trained) => model.unknown_moment)).toEqual([undefined, undefined]);
    const { stderr } = await towerkit(
      ['recommend', '--artifact', 'popular', '--user', 'u1', ...context('device=tv')],
      folder,
    );
    expect(stderr).toMatch(/^error NO_CONTEXT: /);
  });
});
