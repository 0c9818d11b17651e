import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { snapshotArtifact } from '@towerkit/artifact';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { openArtifact, tryArtifact } from '../src/index.js';
import { histories, saveAls } from './toy.js';

const program = new URL('./setup/trial.mjs', import.meta.url);
const badProgram = new URL('./setup/bad-trial.mjs', import.meta.url);
const memory = 2 ** 31;

let parent: string;
let folder: string;
let snapshots: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'towerkit-trial-'));
  folder = join(parent, 'toy');
  await saveAls(folder);
  snapshots = await mkdtemp(join(parent, 'snapshots-'));
});
afterEach(async () => expect(await readdir(snapshots)).toEqual([])); // nothing is left, however it went
afterAll(() => rm(parent, { recursive: true, force: true }));

/** The toy as a model of another kind. */
async function ofKind(kind: string): Promise<string> {
  const copy = join(parent, kind);
  await snapshotArtifact(folder, copy);
  const path = join(copy, 'manifest.json');
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), kind }));
  return copy;
}

test('what was tried is a copy with all that is known of the artifact; it answers the same when the artifact is gone', async () => {
  const original = await openArtifact(folder);
  const wanted = await original.recommend(['i1', 'i5'], 5);
  await original.dispose();
  const moved = join(parent, 'moved');
  await cp(folder, moved, { recursive: true });
  const tried = await tryArtifact(moved, { program, memory, snapshots }, AbortSignal.timeout(200_000));
  await rm(moved, { recursive: true });

  expect(tried.recall).toBe(1);
  for (const name of ['catalog', 'titles', 'counts'] as const) expect(tried[name]).toEqual(original[name]);
  expect(tried.items.names).toEqual(original.items.names);
  expect(tried.users.names).toEqual(original.users.names);
  const { rows, cols, indices, indptr } = tried.histories;
  expect([rows, cols]).toEqual([histories.rows, histories.cols]);
  expect([indices, indptr]).toEqual([histories.indices, histories.indptr]);

  const copy = await openArtifact(tried.artifact);
  expect(await copy.recommend(['i1', 'i5'], 5)).toEqual(wanted);
  await copy.dispose();
  await tried.remove();
});

test('an artifact that is no whole one is refused as it would be here, by its own name', async () => {
  const spoiled = await ofKind('spoiled');
  const refused = tryArtifact(spoiled, { program, memory, snapshots }, AbortSignal.timeout(200_000));
  await expect(refused).rejects.toMatchObject({ code: 'BAD_ARTIFACT' });
  await expect(refused).rejects.toThrow(spoiled);
  await expect(
    tryArtifact(join(parent, 'nowhere'), { program, memory, snapshots }, AbortSignal.timeout(200_000)),
  ).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
});

test('native code that ends its process ends no other', async () => {
  await expect(
    tryArtifact(
      await ofKind('ends'),
      { program: badProgram, memory, snapshots },
      AbortSignal.timeout(200_000),
    ),
  ).rejects.toMatchObject({ code: 'BAD_ARTIFACT', message: expect.stringContaining('SIGSEGV') });
});

test('a model that takes more memory than it may is stopped', async () => {
  await expect(
    tryArtifact(
      await ofKind('swells'),
      { program: badProgram, memory: 2 ** 30, snapshots },
      AbortSignal.timeout(200_000),
    ),
  ).rejects.toMatchObject({ code: 'TOO_LARGE', message: expect.stringContaining('swells') });
});

test('a trial is over when it is called off, though native code holds the process', async () => {
  const off = new AbortController();
  const trial = tryArtifact(await ofKind('holds'), { program: badProgram, memory, snapshots }, off.signal);
  trial.catch(() => undefined);
  let pid = 0;
  for (let attempt = 0; pid === 0 && attempt < 1000; attempt++) {
    await sleep(50);
    const [place = 'none yet'] = await readdir(snapshots);
    pid = Number(await readFile(join(snapshots, place, 'holds', 'pid'), 'utf8').catch(() => 0));
  }
  expect(pid).toBeGreaterThan(0);
  off.abort(new Error('called off'));
  await expect(trial).rejects.toThrow('called off');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
