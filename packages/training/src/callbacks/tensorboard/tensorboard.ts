import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import type { TrainingCallback } from '../../loop/events.js';
import { scalarsRecord, versionRecord } from './event-file.js';

/**
 * Writes an event file that TensorBoard reads: loss and learning rate every few steps, epoch loss, speed and
 * validation metrics after each epoch. A resumed run adds a file; TensorBoard joins them by step.
 *
 * @param folder where the `events.out.tfevents.*` file goes; made when missing
 * @param everySteps how often a step is written. Default 10.
 */
export function tensorboard(
  folder: string,
  { everySteps = 10 }: { everySteps?: number } = {},
): TrainingCallback {
  const now = () => Date.now() / 1000;
  const path = join(folder, `events.out.tfevents.${Math.floor(now())}.${hostname()}.${process.pid}`);
  let opened: Promise<void> | undefined;
  const write = async (step: number, scalars: Record<string, number>) => {
    opened ??= mkdir(folder, { recursive: true }).then(() =>
      writeFile(path, versionRecord(now()), { flag: 'a' }),
    );
    await opened;
    await appendFile(path, scalarsRecord(now(), step, scalars));
  };
  return {
    onStep: ({ step, loss, learningRate }) =>
      step % everySteps === 0
        ? write(step, { 'step/loss': loss, 'step/learning_rate': learningRate })
        : undefined,
    onEpochEnd: ({ loss, examplesPerSecond, metrics }, step) =>
      write(step, {
        'epoch/loss': loss,
        'epoch/examples_per_second': examplesPerSecond,
        ...Object.fromEntries(
          Object.entries(metrics).map(([name, { value }]) => [`validation/${name}`, value]),
        ),
      }),
  };
}
