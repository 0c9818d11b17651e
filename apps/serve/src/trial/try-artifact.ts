import type { VerifiedArtifact } from '@towerkit/artifact';
import { TowerkitError } from '@towerkit/core';
import { valueOf } from '@towerkit/recommend';
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { builtFile } from '../built-file.js';
import type { TrialMessage, TrialTask } from './protocol.js';
import { TableReader, type Tables } from './tables.js';

/** An artifact that was copied, verified and tried, and its tables. */
export interface TriedArtifact extends Tables {
  /** The copy. */
  readonly artifact: VerifiedArtifact;
  /** Of its index against an exact search. */
  readonly recall: number;
}

/** Errors from before the copy was whole: what lies there may still be on its way. */
const unfinished = new WeakSet<object>();
export const isUnfinished = (error: unknown): boolean => unfinished.has(error as object);

/**
 * Has a process of its own copy, verify, read and ask an artifact. Whatever it does to that process, this one goes on.
 *
 * @param signal ends the trial
 * @throws TowerkitError what the artifact's parts throw; `BAD_ARTIFACT` when the process ends; `TOO_LARGE` when it takes more
 *   memory than it may; the signal's reason
 */
export async function tryArtifact(task: TrialTask, signal: AbortSignal): Promise<TriedArtifact> {
  signal.throwIfAborted();
  const child = fork(fileURLToPath(builtFile('model-trial.js')), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  process.on('exit', stop);
  let whole = false;
  try {
    const tables = new TableReader();
    child.send(task);
    const tried = await endOf(child, task, (message) => {
      if ('whole' in message) whole = true;
      else tables.take(message);
    });
    return { ...tried, ...(await tables.read()) };
  } catch (error) {
    signal.throwIfAborted();
    if (!whole) unfinished.add(error as object);
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', stop);
    stop();
  }
}

type OnTheWay = Exclude<TrialMessage, { tried: unknown } | { failure: unknown }>;

function endOf(
  child: ChildProcess,
  { folder, memory }: TrialTask,
  onMessage: (message: OnTheWay) => void,
): Promise<Pick<TriedArtifact, 'artifact' | 'recall'>> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  return new Promise((resolve, reject) => {
    child.on('message', (message: TrialMessage) => {
      if ('tried' in message) resolve(message.tried);
      else if ('failure' in message)
        try {
          valueOf(message);
        } catch (error) {
          reject(error);
        }
      else onMessage(message);
    });
    child.once('error', (cause) => reject(ended(folder, `does not start: ${cause.message}`, cause)));
    child.once('close', (status, killedBy) => {
      if (said.trimEnd().endsWith('TOO_LARGE'))
        reject(
          new TowerkitError(
            'TOO_LARGE',
            `${folder} took more than ${memory} bytes of memory when it was tried`,
            {
              hint: 'give the server more, or set limits.memory',
            },
          ),
        );
      const line = said.trim().split('\n').at(-1);
      reject(ended(folder, `ended with ${killedBy ?? status}${line ? `: ${line}` : ''}`));
    });
  });
}

const ended = (folder: string, how: string, cause?: unknown) =>
  new TowerkitError('BAD_ARTIFACT', `${folder}: the process that tried it ${how}`, {
    hint: 'train again, or copy the folder again from where it came',
    cause,
  });
