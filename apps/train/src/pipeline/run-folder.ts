import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a run keeps what is not yet an artifact: `<out>.run`, beside it. */
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
  const folder = `${out}.run`;
  return {
    folder,
    checkpoints: join(folder, 'checkpoints'),
    refit: join(folder, 'refit'),
    metrics: join(folder, 'metrics.jsonl'),
    tensorboard: join(folder, 'tensorboard'),
  };
}

/** Whether there is a run to go on with. */
export const canResume = ({ checkpoints }: RunFolder): Promise<boolean> => exists(join(checkpoints, 'last.safetensors'));

/** Clears the traces of an earlier run; whatever else lies in the folder stays. */
export async function startAnew(run: RunFolder): Promise<void> {
  const { checkpoints, refit, metrics, tensorboard } = run;
  for (const path of [checkpoints, refit, metrics, tensorboard]) await rm(path, { recursive: true, force: true });
  await mkdir(run.folder, { recursive: true });
}

/** Removes the folder of a run that failed before it had anything worth keeping. */
export async function discardIfEmpty(run: RunFolder): Promise<void> {
  if (!(await canResume(run))) await rm(run.folder, { recursive: true, force: true });
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
