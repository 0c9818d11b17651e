import type { OnProgress } from '@towerkit/core';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Job, RunOutcome } from './job.js';
import type { FromRun, ToRun } from './serve-jobs.js';

/** Options of {@link runProcess}. */
export interface RunProcessOptions {
  /** The program: a file that calls `serveJobs`. */
  readonly worker: URL;
  /** Stops the run after a step. */
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** How much of what a process says last is kept for the message of one that ends on its own. */
const TAIL = 2000;
/** A process that does not stop in this time, in milliseconds, is ended. */
const PATIENCE = 60_000;

/**
 * Runs a job in a process of its own: a crash ends no other run, and its peak memory is that of the run.
 *
 * @returns how it ended; a process that dies is a failure `PROCESS_ENDED`
 */
export function runProcess(job: Job, { worker, signal, onProgress }: RunProcessOptions): Promise<RunOutcome> {
  if (signal?.aborted) return Promise.resolve({ status: 'stopped' });
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(worker), [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      execArgv: [],
    });
    let tail = '';
    let outcome: RunOutcome | undefined;
    let timer: NodeJS.Timeout | undefined;
    const tell = (message: ToRun) => child.connected && child.send(message);
    const stop = () => {
      tell({ stop: true });
      timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE);
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-TAIL)));
    child.on('message', (message: FromRun) => {
      if ('outcome' in message) outcome = message.outcome;
      else onProgress?.(message.progress);
    });
    const ended = (how: string) => {
      signal?.removeEventListener('abort', stop);
      clearTimeout(timer);
      resolve(outcome ?? (signal?.aborted ? { status: 'stopped' } : lost(how, tail)));
    };
    child.on('error', (error) => ended(error.message));
    child.on('close', (code, killer) => ended(killer ? `by ${killer}` : `with status ${code}`));
    tell({ job });
  });
}

const lost = (how: string, tail: string): RunOutcome => {
  const said = tail.trim().split('\n').at(-1);
  return {
    status: 'failed',
    error: {
      code: 'PROCESS_ENDED',
      message: `the process of the run ended ${how}${said ? `: ${said}` : ''}`,
      hint: 'it may have run out of memory; run it alone with `towerkit train` to see all it says',
    },
  };
};
