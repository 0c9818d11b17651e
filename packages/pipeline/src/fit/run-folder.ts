import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

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
}

export function runFolder(out: string): RunFolder {
  const folder = `${resolve(out)}.run`;
  return {
    folder,
    checkpoints: join(folder, 'checkpoints'),
    refit: join(folder, 'refit'),
    metrics: join(folder, 'metrics.jsonl'),
    tensorboard: join(folder, 'tensorboard'),
  };
}

/** Whether a folder has a checkpoint to resume from. */
export const hasCheckpoint = (checkpoints: string): Promise<boolean> =>
  exists(join(checkpoints, 'last.safetensors'));

/** Whether there is a run to resume. */
export const canResume = ({ checkpoints }: RunFolder): Promise<boolean> => hasCheckpoint(checkpoints);

/**
 * Removes the files of an earlier run; other files in the folder stay.
 *
 * @returns removes the folder again, for a run that fails before its first checkpoint
 */
export async function clearRun(run: RunFolder): Promise<() => Promise<void>> {
  const { folder, checkpoints, refit, metrics, tensorboard } = run;
  for (const path of [checkpoints, refit, metrics, tensorboard])
    await rm(path, { recursive: true, force: true });
  const top = await mkdir(folder, { recursive: true });
  return async () => {
    if (await canResume(run)) return;
    for (const path of [checkpoints, refit, metrics, tensorboard])
      await rm(path, { recursive: true, force: true });
    // Folders above it that were made for it go too, unless something else has come into them.
    for (let at = folder; top !== undefined && at.length >= top.length; at = dirname(at))
      if (
        !(await rmdir(at).then(
          () => true,
          () => false,
        ))
      )
        break;
  };
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
