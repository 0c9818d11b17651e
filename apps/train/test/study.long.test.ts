import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, ringConfig, start, towerkit, workFolder, writeRing } from './command.js';

let folder: string;

const SETTINGS = { epochs: 3, batchSize: 32, threads: 1 };
const STUDY = ['ablate', '--configs', 'configs', '--data', 'ring', '--seeds', '2', '--json'];

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder);
  await mkdir(join(folder, 'configs'));
  await writeFile(join(folder, 'configs/a.mjs'), ringConfig({ ...SETTINGS, name: 'first' }));
  await writeFile(
    join(folder, 'configs/b.mjs'),
    ringConfig({ ...SETTINGS, name: 'second', distill: { baseline: 'popularity', by: 'cosine' } }),
  );
});
afterAll(() => removeFolder(folder));

/** What a report says but for what it cost. */
async function figuresOf(out: string): Promise<string> {
  const text = await readFile(join(folder, out, 'report.md'), 'utf8');
  const sections = text.split('\n## ').filter((section) => !/^(Training|Runs)/.test(section));
  const pictures = ['quality', 'curves', 'cold-start'].map((name) =>
    readFile(join(folder, out, `report/${name}.svg`), 'utf8'),
  );
  return [...sections, ...(await Promise.all(pictures))].join('\n');
}

test('a study that is killed in its third run ends with the same report as one that is not', async () => {
  const { child, ended } = start([...STUDY, '--out', 'killed'], folder);
  await new Promise<void>((resolve) => {
    let said = '';
    child.stderr!.on('data', (text: string) => (said += text).includes('3 of 4') && resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, 800));
  child.kill('SIGKILL');
  await ended;
  await expect(stat(join(folder, 'killed/report.html'))).rejects.toThrow();

  const again = await towerkit([...STUDY, '--out', 'killed'], folder);
  expect(again.status).toBe(0);
  const { runs } = lastLine(again);
  expect(runs.map(({ earlier }: { earlier: boolean }) => earlier)).toEqual([true, true, false, false]);
  const whole = await towerkit([...STUDY, '--out', 'whole'], folder);
  expect(whole.status).toBe(0);
  expect(await figuresOf('killed')).toBe(await figuresOf('whole'));

  // A run is an artifact, and a file of what it took.
  expect((await readdir(join(folder, 'killed/runs'))).filter((name) => !name.startsWith('.')).sort()).toEqual(
    ['first-s0', 'first-s1', 'second-s0', 'second-s1'].flatMap((name) => [name, `${name}.json`]),
  );
  const run = JSON.parse(await readFile(join(folder, 'killed/runs/second-s1.json'), 'utf8'));
  expect(run).toMatchObject({ variant: 'second', seed: 1, hash: expect.any(String) });
  expect(run.figures.peakMemoryBytes).toBeGreaterThan(2 ** 20);
  const text = await readFile(join(folder, 'killed/report.md'), 'utf8');
  expect(text).toMatch(/\| second \| [+-]0\.\d{4} \|/);
  // The teacher of both seeds was fitted once each.
  expect(
    (await readdir(join(folder, 'killed/shared'))).filter((name) => /^popularity-\w+$/.test(name)),
  ).toHaveLength(2);
}, 240_000);

test('what fails is said in the report, and the rest goes on', async () => {
  await writeFile(join(folder, 'broken.json'), '{"name": "broken", "epoch": 3}');
  await writeFile(
    join(folder, 'diverges.mjs'),
    ringConfig({ ...SETTINGS, name: 'diverges', optimizer: { learningRate: 1e30 } }),
  );
  const configs = 'configs/a.mjs,broken.json,diverges.mjs,popularity';
  const run = await towerkit(
    ['ablate', '--configs', configs, '--data', 'ring', '--seeds', '1', '--out', 'failing', '--json'],
    folder,
  );
  expect(run.status).toBe(1);
  const outcomes = lastLine(run).runs.map(({ outcome }: { outcome: { status: string } }) => outcome.status);
  expect(outcomes).toEqual(['done', 'failed', 'failed', 'done']);
  const text = await readFile(join(folder, 'failing/report.md'), 'utf8');
  expect(text).toContain('BAD\\_CONFIG');
  expect(text).toContain('LOSS\\_NOT\\_FINITE');

  // Artifacts of other data in one report: said, and the others are in it.
  await writeFile(
    join(folder, 'small.mjs'),
    `export default { name: 'small', data: { generate: { users: 100, items: 100 } } };`,
  );
  await towerkit(['baseline', 'popularity', '--config', 'small.mjs', '--out', 'other'], folder);
  const artifacts = 'failing/runs/first-s0,other,nowhere,failing/runs/popularity-s0';
  const report = await towerkit(
    ['report', '--artifacts', artifacts, '--out', 'mixed/all.html', '--json'],
    folder,
  );
  expect(report.status).toBe(1);
  const { left_out, models } = lastLine(report);
  expect(models).toHaveLength(2);
  expect(left_out.map(({ code }: { code: string }) => code)).toEqual(['OTHER_DATA', 'ARTIFACT_NOT_FOUND']);
  const html = await readFile(join(folder, 'mixed/all.html'), 'utf8');
  expect(html).toContain('OTHER_DATA');
  expect((await readdir(join(folder, 'mixed'))).sort()).toEqual(['all', 'all.html', 'all.md']);
}, 120_000);

test('a search goes on behind the trials it has, and writes a config that train takes', async () => {
  await writeFile(
    join(folder, 'space.json'),
    JSON.stringify({
      'optimizer.learningRate': { min: 0.001, max: 0.05, log: true },
      maxLength: { choice: [3, 20] },
    }),
  );
  const search = ['tune', '--config', 'configs/a.mjs', '--space', 'space.json', '--data', 'ring', '--json'];
  const first = await towerkit([...search, '--trials', '1'], folder);
  expect(first.status).toBe(0);
  const { trials, best, base, config } = lastLine(await towerkit([...search, '--trials', '2'], folder));
  expect(trials.slice(0, 2)).toEqual(lastLine(first).trials);
  expect(trials).toHaveLength(3);
  expect(best.value).toBe(Math.max(...trials.map(({ value }: { value: number }) => value)));
  expect(base).toMatchObject({ trial: 0, point: {} });
  const trained = await towerkit(
    ['train', '--config', config, '--data', 'ring', '--out', 'tuned', '--threads', '1', '--json'],
    folder,
  );
  expect(lastLine(trained).metrics['ndcg@10'].value).toBeCloseTo(best.value, 6);
}, 120_000);

test.each([
  [{ 'optimizer.learningrate': { min: 0.1, max: 1 } }, /^error BAD_SPACE: .*did you mean "learningRate"\?$/m],
  [
    { epochs: { min: 3, max: 1, int: true } },
    /^error BAD_SPACE: space, epochs: `min` must be a number below `max`$/m,
  ],
])('a space that cannot be: %j', async (space, message) => {
  await writeFile(join(folder, 'bad.json'), JSON.stringify(space));
  const { status, stderr } = await towerkit(
    ['tune', '--config', 'configs/a.mjs', '--space', 'bad.json', '--out', 'bad'],
    folder,
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test('a budget too small for one trial says so', async () => {
  const run = await towerkit(
    [
      'tune',
      '--config',
      'configs/a.mjs',
      '--space',
      'space.json',
      '--data',
      'ring',
      '--out',
      'short',
      '--minutes',
      '0.001',
    ],
    folder,
  );
  expect(run.status).toBe(1);
  expect(run.stdout).toContain('the time was over before one trial was done');
});
