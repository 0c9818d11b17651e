import { verifyArtifact } from '@towerkit/artifact';
import { isTowerkitError } from '@towerkit/core';
import { writeFileAtomic } from '@towerkit/core/files';
import { clearRun, runFolder } from '@towerkit/pipeline';
import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Job, RunFailure, RunFigures } from './job.js';

/** What a study keeps of a run, in a file beside its artifact. */
export interface RunFile {
  readonly variant: string;
  readonly seed: number;
  /** Hash of all that decides the result: the config, what it imports, the seed, the data. */
  readonly hash: string;
  readonly figures?: RunFigures;
  readonly error?: RunFailure;
}

/** The file of an artifact's run. */
export const runFileOf = (artifact: string): string => `${artifact}.json`;

/** Keeps what became of a run. @throws TowerkitError `UNWRITABLE` */
export const writeRunFile = (artifact: string, file: RunFile): Promise<void> =>
  writeFileAtomic(runFileOf(artifact), `${JSON.stringify(file, null, 2)}\n`);

/** Notes that a run begins. Checkpoints of a run of another hash are cleared away: it is not what goes on. */
export async function beginRun(artifact: string, file: RunFile): Promise<void> {
  const before = await readRunFile(artifact);
  if (before?.hash !== file.hash) await clearRun(runFolder(artifact)).then((remove) => remove());
  await writeRunFile(artifact, file);
}

/** What is known of a run that was done: its file, where it is of the same hash and its artifact is whole. */
export async function finishedRun(artifact: string, hash: string): Promise<RunFile | undefined> {
  const file = await readRunFile(artifact);
  if (file?.hash !== hash || !file.figures) return undefined;
  try {
    await verifyArtifact(artifact);
    return file;
  } catch (error) {
    if (isTowerkitError(error)) return undefined;
    throw error;
  }
}

async function readRunFile(artifact: string): Promise<RunFile | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(runFileOf(artifact), 'utf8'));
    return typeof value === 'object' && value !== null && 'hash' in value ? (value as RunFile) : undefined;
  } catch {
    return undefined; // absent, or not written by a study
  }
}

/** The hash of a run: what its artifact depends on. Data are told by names, sizes and times of their files. */
export async function runHash(
  config: string,
  job: Pick<Job, 'baseline' | 'seed' | 'data' | 'set'>,
): Promise<string> {
  const { baseline, seed, data, set } = job;
  const files = data === undefined ? [] : await stampsOf(data);
  return createHash('sha256').update(JSON.stringify({ config, baseline, seed, set, files })).digest('hex');
}

async function stampsOf(path: string): Promise<(string | number)[][]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) return [];
  if (!info.isDirectory()) return [[info.size, info.mtimeMs]];
  const names = (await readdir(path)).sort();
  const stats = await Promise.all(names.map((name) => stat(join(path, name)).catch(() => undefined)));
  return names.flatMap((name, i) => (stats[i]?.isFile() ? [[name, stats[i].size, stats[i].mtimeMs]] : []));
}
