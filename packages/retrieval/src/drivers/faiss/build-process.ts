import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import { TowerkitError } from '@towerkit/core';

import { BUILD_PROGRAM } from './build-program.js';

/** What the process is to do. Without rows it only sees whether FAISS knows the factory. */
export interface BuildTask {
  /** The path of faiss-node. */
  readonly module: string;
  readonly factory: string;
  readonly dimensions: number;
  readonly rows: number;
  /** Rows to train on, at most. */
  readonly training?: number;
  /** A file of float32, shape [rows, dimensions]. */
  readonly vectors?: string;
  /** The file to write. */
  readonly out?: string;
}

export interface BuildProcessOptions {
  readonly threads: number;
  readonly signal?: AbortSignal;
  readonly onAdded?: (rows: number) => void;
  /** Milliseconds until the process is ended; none by default. */
  readonly timeout?: number;
}

/**
 * Builds an index of FAISS in a process of its own, which may be killed by its signal, or by FAISS.
 *
 * @throws TowerkitError `BAD_OPTION` for a factory that FAISS cannot do, `BUILD_FAILED`; the signal's reason
 */
export async function runBuild(
  task: BuildTask,
  { threads, signal, onAdded, timeout }: BuildProcessOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, ['-e', BUILD_PROGRAM, '--', JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
    // Threads that spin while they wait take the cores from those that work, where others want them too.
    env: { ...process.env, NODE_OPTIONS: '', OMP_NUM_THREADS: String(threads), OMP_WAIT_POLICY: 'passive' },
  });
  const stop = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', stop);
  process.on('exit', stop);
  let whole = false;
  let said = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, added] = /^added (\d+)$/.exec(line) ?? [];
    if (added !== undefined) onAdded?.(Number(added));
    whole ||= line === 'whole';
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-10_000)));
  try {
    const end = await new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) => resolve(killedBy ?? `code ${code}`));
    }).catch((cause: Error) => {
      throw new TowerkitError('BUILD_FAILED', `a process to build in does not start: ${cause.message}`, {
        cause,
      });
    });
    signal?.throwIfAborted();
    if (!whole || end !== 'code 0') throw failure(task, end, said);
  } finally {
    signal?.removeEventListener('abort', stop);
    process.off('exit', stop);
  }
}

/** FAISS says what it does not like in an exception, which comes with the address in its sources. */
function failure({ factory, dimensions, rows }: BuildTask, end: string, said: string): TowerkitError {
  const [, what] = /(?:what\(\):|Error:)\s*(?:Error in .*? at \S+ )?(.*)/.exec(said) ?? [];
  const vectors = rows > 0 ? `${rows} vectors` : 'vectors';
  const about = `${factory} of ${vectors} of ${dimensions} values`;
  const details = { factory, dimensions, rows };
  if (what === undefined || /writ|No space/.test(what))
    return new TowerkitError(
      'BUILD_FAILED',
      `the process that builds ended by ${end}${what ? `: ${what}` : ''}`,
      {
        hint: 'it needs memory and room in the temporary folder for the vectors twice over',
        details,
      },
    );
  return new TowerkitError('BAD_OPTION', `FAISS cannot make ${about}: ${what.trim()}`, {
    hint: 'see its wiki on the index factory for what it can',
    details: { option: 'factory', ...details },
  });
}
