import type { ProgressEvent } from '@towerkit/core';

import { failureOf, type Job, type RunOutcome } from './job.js';
import { runJob, type LoadConfig } from './run-job.js';

/** What the process of a study tells one of its runs. */
export type ToRun = { readonly job: Job } | { readonly stop: true };

/** What a run tells it. */
export type FromRun = { readonly progress: ProgressEvent } | { readonly outcome: RunOutcome };

/** Progress goes out so often, in milliseconds. */
const EVERY = 500;

/**
 * Makes this process one that runs a job of a study, told over its channel by `ablate` or `tune`. It ends where the
 * process of the study does, also when that is killed.
 *
 * @param load reads configs as the program does
 * @example
 * ```ts
 * import { serveJobs } from '@towerkit/study/run';
 * import { loadConfig } from '@towerkit/pipeline/config-files';
 *
 * serveJobs(loadConfig); // a program of its own, whose URL is `worker` of `ablate`
 * ```
 */
export function serveJobs(load: LoadConfig): void {
  const controller = new AbortController();
  process.on('disconnect', () => process.exit(1));
  // A Ctrl-C of the terminal reaches every process of its group: that of the study says what is to be done.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('message', (message: ToRun) => {
    if ('stop' in message) controller.abort();
    else void work(message.job, load, controller.signal);
  });
}

async function work(job: Job, load: LoadConfig, signal: AbortSignal): Promise<void> {
  let told = -Infinity;
  const onProgress = (progress: ProgressEvent) => {
    const now = performance.now();
    if (now - told < EVERY && progress.done !== progress.total) return;
    told = now;
    send({ progress });
  };
  const outcome = await runJob(job, load, { signal, onProgress }).then(
    (figures): RunOutcome => (figures ? { status: 'done', figures } : { status: 'stopped' }),
    (error: unknown): RunOutcome =>
      signal.aborted ? { status: 'stopped' } : { status: 'failed', error: failureOf(error) },
  );
  send({ outcome }, () => process.exit(0));
}

function send(message: FromRun, sent: () => void = () => undefined): void {
  if (process.connected) process.send!(message, undefined, undefined, sent);
}
