import { appendFile, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { TrainingCallback } from '../loop/events.js';

/**
 * Appends one JSON object per epoch to a file (`metrics.jsonl`), as
 * `{epoch, step, seconds, examples, examples_per_second, loss, metrics}`.
 *
 * @param path the file; its folder is made
 * @param append keep what is there, for a resumed run. Default false.
 */
export function metricsLog(path: string, { append = false }: { append?: boolean } = {}): TrainingCallback {
  let ready: Promise<void> | undefined;
  const prepare = async () => {
    await mkdir(dirname(path), { recursive: true });
    if (!append) await rm(path, { force: true });
  };
  return {
    async onEpochEnd({ examplesPerSecond, ...report }, step) {
      await (ready ??= prepare());
      await appendFile(
        path,
        `${JSON.stringify({ ...report, examples_per_second: examplesPerSecond, step })}\n`,
      );
    },
  };
}
