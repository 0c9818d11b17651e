import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

import type { WatchdogData } from './protocol.js';

/**
 * A thread beside a trial, which may be held in native code: ends the process when it takes too much memory, or when the one
 * that wanted to know is gone.
 */
const { memory, parent, lastWord } = workerData as WatchdogData;

setInterval(() => {
  const tooLarge = process.memoryUsage.rss() > memory;
  if (tooLarge) writeSync(2, `\n${lastWord}\n`);
  if (tooLarge || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 50);
