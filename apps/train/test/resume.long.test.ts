import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, start, towerkit, workFolder, writeRing } from './command.js';

let folder: string;

beforeAll(async () => {
  folder = await workFolder();
  await writeRing(folder, { epochs: 40, earlyStopping: { patience: 1000 } });
});
afterAll(() => removeFolder(folder));

const hash = async (out: string) =>
  createHash('sha256')
    .update(await readFile(join(folder, out, 'weights.safetensors')))
    .digest('hex');

/** Those whose lines are whole: the file may be read while it is written. */
const epochsIn = (path: string) =>
  readFile(path, 'utf8').then(
    (text) =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { epoch: number; loss: number }),
    () => [],
  );

test('Ctrl-C saves the run, and --resume ends with the very same weights', async () => {
  const args = (out: string) => ['train', '--config', 'ring.mjs', '--out', out, '--threads', '1', '--json'];
  const whole = await towerkit(args('whole'), folder);
  expect(whole.status).toBe(0);

  const { child, ended } = start(args('parts'), folder);
  const log = join(folder, 'parts.run/metrics.jsonl');
  while (child.exitCode === null && (await epochsIn(log)).length < 3)
    await new Promise((next) => setTimeout(next, 10));
  child.kill('SIGINT');
  child.kill('SIGINT'); // as npm does: one Ctrl-C, heard twice
  const stopped = await ended;
  expect(stopped).toMatchObject({ status: 130, stdout: '' });
  expect(stopped.stderr).toContain('--resume');
  await expect(readFile(join(folder, 'parts/manifest.json'))).rejects.toThrow('ENOENT');
  const done = (await epochsIn(log)).length;
  expect(done).toBeLessThan(40);

  const resumed = await towerkit([...args('parts'), '--resume'], folder);
  expect(resumed.status).toBe(0);
  expect(await hash('parts')).toBe(await hash('whole'));
  expect(lastLine(resumed).metrics).toEqual(lastLine(whole).metrics);
  const logged = await epochsIn(log);
  expect(logged.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(logged.map(({ loss }) => loss)).toEqual(
    lastLine(whole).epochs.map(({ loss }: { loss: number }) => loss),
  );
});

test('a run with other settings is not resumed', async () => {
  const { status, stderr } = await towerkit(
    ['train', '--config', 'ring.mjs', '--out', 'parts', '--seed', '5', '--resume'],
    folder,
  );
  expect(status).toBe(2);
  expect(stderr).toMatch(/^error OTHER_RUN: .*seed/m);
});

test('--resume without a run starts anew and says so', async () => {
  const args = ['train', '--config', 'ring.mjs', '--out', 'fresh', '--epochs', '1', '--resume'];
  const { status, stderr } = await towerkit(args, folder);
  expect(status).toBe(0);
  expect(stderr).toContain('nothing to resume');
});
