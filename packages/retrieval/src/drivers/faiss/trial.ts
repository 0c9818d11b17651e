import { execFile } from 'node:child_process';

import { badIndex } from '../../files/errors.js';
import { FILE } from './index-file.js';

/** Milliseconds for a file to be read and searched. */
const TIMEOUT = 60_000;

/**
 * Reads an index and searches it for as many items as it has, so that all of it is gone through, CommonJS. The task comes as
 * JSON in the last argument.
 */
const PROGRAM = `
const { module: path, file, dimensions } = JSON.parse(process.argv.at(-1));
const index = require(path).Index.read(file);
const query = new Array(dimensions).fill(0);
const most = Math.min(index.ntotal(), 100000);
for (const at of [0, dimensions >> 1, dimensions - 1])
  if (most > 0) index.search(query.map((_, i) => (i === at ? 1 : 0)), most);
console.log('whole');
`;

/**
 * Has a process of its own read and search a file of FAISS: one that was tampered with may end the process that reads it, or
 * keep it for ever.
 *
 * @param task.module the path of faiss-node
 * @throws TowerkitError `BAD_INDEX`
 */
export function tryIndex(
  task: { readonly module: string; readonly file: string; readonly dimensions: number },
  timeout: number = TIMEOUT,
): Promise<void> {
  const options = { timeout, killSignal: 'SIGKILL', env: { ...process.env, NODE_OPTIONS: '' } } as const;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', PROGRAM, '--', JSON.stringify(task)], options, (error, said) => {
      if (error === null && said.includes('whole')) resolve();
      else reject(badIndex(`FAISS does not read and search ${FILE}: ${reasonOf(error, timeout)}`, error));
    });
  });
}

function reasonOf(error: (Error & { killed?: boolean; signal?: unknown }) | null, timeout: number): string {
  if (error?.killed) return `it was not done in ${timeout / 1000} s`;
  if (error?.signal) return `the process that tried it ended by ${String(error.signal)}`;
  return /Error:? .*/.exec(error?.message ?? '')?.[0] ?? 'the process that tried it ended';
}
