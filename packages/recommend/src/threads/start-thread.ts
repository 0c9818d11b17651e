import { Worker } from 'node:worker_threads';

import { TowerkitError } from '../errors.js';
import type { Opened, ThreadOptions } from './protocol.js';

/** A thread, which opens its artifact; see {@link openedBy}. */
export const startThread = (program: URL, options: ThreadOptions): Worker =>
  new Worker(program, { workerData: options });

/** What a thread says of its model once it is open. @throws TowerkitError `UNAVAILABLE` when it ends before */
export function openedBy(worker: Worker): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const died = (cause: unknown) =>
      reject(
        unavailable(`a thread ended before it had opened the model: ${(cause as Error)?.message ?? cause}`),
      );
    worker.once('error', died).once('exit', died);
    worker.once('message', (opened: Opened) => {
      worker.off('error', died).off('exit', died);
      resolve(opened);
    });
  });
}

export const unavailable = (message: string) =>
  new TowerkitError('UNAVAILABLE', message, { hint: 'try again in a moment' });

export const overloaded = () =>
  new TowerkitError('OVERLOADED', 'no thread was free in time', { hint: 'try again in a moment' });
