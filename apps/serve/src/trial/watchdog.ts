import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/**
 * A thread beside a trial, which may be held in native code: ends the process when it takes too much memory, or when the one
 * that wanted to know is gone.
 */
const { memory, parent } = workerData as { memory: number; parent: number };

/** The last that such a process says; `try-artifact.ts` looks for it. */
const TOO_LARGE = 'TOO_LARGE';

setInterval(() => {
  const tooLarge = process.memoryUsage.rss() > memory;
  if (tooLarge) writeSync(2, `\n${TOO_LARGE}\n`);
  if (tooLarge || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 50);
