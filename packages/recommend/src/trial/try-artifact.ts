import { SnapshotFolder, type VerifiedArtifact } from '@towerkit/artifact';
import { fork, type ChildProcess } from 'node:child_process';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { valueOf } from '../engine/outcome.js';
import { TowerkitError } from '../errors.js';
import { TOO_LARGE, type Piece, type TrialMessage, type TrialTask } from './protocol.js';
import { TableReader, type ArtifactTables } from './tables.js';

/** How {@link tryArtifact} goes about it. */
export interface TrialOptions extends Pick<TrialTask, 'models' | 'index' | 'memory'> {
  /** An ES module that calls `runTrial`, which says what kinds of models there may be. */
  readonly program: URL;
  /** Folder for the copy; that for temporary files by default. */
  readonly snapshots?: string;
}

/** An artifact that was copied, verified and tried, and its tables. */
export interface TriedArtifact extends ArtifactTables {
  /** The copy, which nobody else writes to. */
  readonly artifact: VerifiedArtifact;
  /** Of its index against an exact search. */
  readonly recall: number;
  /** Removes the copy. It goes with this process at the latest. */
  remove(): Promise<void>;
}

/**
 * Has a process of its own copy, verify, read and ask an artifact. Whatever it does to that process, this one goes on, and what
 * is opened from the copy are bytes that were tried.
 *
 * @param folder the artifact, or a link to it
 * @param signal ends the trial
 * @throws TowerkitError what the artifact's parts throw; `BAD_ARTIFACT` when the process ends; `TOO_LARGE` when it takes more
 *   memory than it may; `UNWRITABLE` where there is no room for the copy; the signal's reason
 * @example
 * ```ts
 * const program = new URL('./trial.js', import.meta.url);
 * const { artifact, remove } = await tryArtifact('artifacts/shop', { program, memory: 2 ** 30 }, AbortSignal.timeout(60_000));
 * const engine = await AnswerEngine.open({ artifact });
 * ```
 */
export async function tryArtifact(
  folder: string,
  { program, snapshots, ...rest }: TrialOptions,
  signal: AbortSignal,
): Promise<TriedArtifact> {
  signal.throwIfAborted();
  const place = await SnapshotFolder.make(snapshots);
  const task: TrialTask = { ...rest, folder, copy: join(place.path, basename(resolve(folder))) };
  const child = fork(fileURLToPath(program), {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve).once('error', resolve));
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop);
  process.on('exit', stop);
  try {
    const tables = new TableReader();
    const tried = await endOf(child, task, (piece) => tables.take(piece));
    return { ...tried, ...(await tables.read()), remove: () => place.remove() };
  } catch (error) {
    stop();
    await closed; // until then it writes to the copy
    await place.remove();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    process.off('exit', stop);
    stop();
  }
}

/** Gives the process its task, and follows it to its end. */
function endOf(
  child: ChildProcess,
  task: TrialTask,
  onPiece: (piece: Piece) => void,
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
          reject(error as Error);
        }
      else onPiece(message);
    });
    child.once('error', (cause) => reject(ended(task, `does not start: ${cause.message}`, cause)));
    child.once('close', (status, killedBy) => {
      const last = said.trim().split('\n').at(-1);
      if (last === TOO_LARGE) return reject(tooLarge(task));
      reject(ended(task, `ended with ${killedBy ?? status}${last ? `: ${last}` : ''}`));
    });
    child.send(task, (error) => error && child.kill('SIGKILL')); // which 'close' reports
  });
}

const ended = ({ folder }: TrialTask, how: string, cause?: unknown) =>
  new TowerkitError('BAD_ARTIFACT', `${folder}: the process that tried it ${how}`, {
    hint: 'train again, or copy the folder again from where it came',
    cause,
  });

const tooLarge = ({ folder, memory }: TrialTask) =>
  new TowerkitError('TOO_LARGE', `${folder} took more than ${memory} bytes of memory when it was tried`, {
    hint: 'allow it more memory',
  });
