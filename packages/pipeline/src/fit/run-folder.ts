import { holdArtifact } from '@towerkit/artifact';
import { removeTemporaryFiles } from '@towerkit/core/files';
import { lstat, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';

/** Folder of checkpoints and logs of a run: `<out>.run`, beside the artifact. */
export interface RunFolder {
  readonly folder: string;
  /** `last.safetensors` and `best.safetensors`. */
  readonly checkpoints: string;
  /** Checkpoints of `--refit`. */
  readonly refit: string;
  /** One JSON object per epoch. */
  readonly metrics: string;
  /** TensorBoard's event files. */
  readonly tensorboard: string;
  /** Compiled graphs, for `cache` of `createEngine`; they outlive the run. */
  readonly graphs: string;
}

/** Where the files of a run lie, by the folder of its artifact. */
export function runFolder(out: string): RunFolder {
  const folder = `${resolve(out)}.run`;
  return {
    folder,
    checkpoints: join(folder, 'checkpoints'),
    refit: join(folder, 'refit'),
    metrics: join(folder, 'metrics.jsonl'),
    tensorboard: join(folder, 'tensorboard'),
    graphs: join(folder, 'graphs'),
  };
}

/**
 * Makes sure, before hours of training, that an artifact can be written to a folder, by taking and giving back its lock.
 * Nothing is left behind.
 *
 * @throws TowerkitError `UNWRITABLE`; `FOLDER_IN_USE` naming a file of the folder that is not an artifact's, which writing
 *   would lose; `LOCKED` while another process writes it
 */
export const checkOutput = (out: string): Promise<void> => holdArtifact(out, async () => undefined);

/** Whether a folder has a checkpoint to resume from. */
export const hasCheckpoint = (checkpoints: string): Promise<boolean> =>
  exists(join(checkpoints, 'last.safetensors'));

/** Whether there is a run to resume. */
export const canResume = ({ checkpoints }: RunFolder): Promise<boolean> => hasCheckpoint(checkpoints);

/**
 * Removes the files of an earlier run; other files in its folders stay.
 *
 * @returns removes the folder again, for a run that fails before its first checkpoint
 * @throws TowerkitError `UNWRITABLE`
 */
export async function clearRun(run: RunFolder): Promise<() => Promise<void>> {
  await removeFiles(run);
  const top = await mkdir(run.folder, { recursive: true }).catch((cause: Error) => {
    throw new TowerkitError('UNWRITABLE', `cannot write ${run.folder}: ${cause.message}`, {
      hint: 'checkpoints are kept beside the artifact: choose another place with --out',
      details: { path: run.folder },
      cause,
    });
  });
  return async () => {
    if (await canResume(run)) return;
    await removeFiles(run);
    await removeMatching(run.graphs, /\.onnx(\.\d+\.tmp)?$/);
    await removeEmpty(run.graphs);
    // Folders above it that were made for it go too, unless something else has come into them.
    for (let at = run.folder; top !== undefined && at.length >= top.length; at = dirname(at))
      if (!(await removeEmpty(at))) break;
  };
}

/** Names of the files of checkpoints. */
const CHECKPOINT = /^(last|best)\.safetensors$/;

/** Only what a run writes: somebody may keep notes beside it, or have given a folder of theirs the name of one. */
async function removeFiles({ checkpoints, refit, metrics, tensorboard }: RunFolder): Promise<void> {
  for (const folder of [checkpoints, refit]) {
    await removeMatching(folder, CHECKPOINT);
    await removeTemporaryFiles(folder, (name) => CHECKPOINT.test(name));
  }
  await removeMatching(tensorboard, /^events\.out\.tfevents\./);
  for (const folder of [checkpoints, refit, tensorboard]) await removeEmpty(folder);
  if (await isFile(metrics)) await rm(metrics);
}

async function removeMatching(folder: string, pattern: RegExp): Promise<void> {
  for (const name of await readdir(folder).catch((): string[] => []))
    if (pattern.test(name) && (await isFile(join(folder, name)))) await rm(join(folder, name));
}

const removeEmpty = (folder: string) =>
  rmdir(folder).then(
    () => true,
    () => false,
  );

const isFile = (path: string) =>
  lstat(path).then(
    (info) => info.isFile(),
    () => false,
  );

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
