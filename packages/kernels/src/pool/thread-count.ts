import { TowerkitError } from '@towerkit/core';
import { availableParallelism } from 'node:os';

let said = false;

/**
 * Threads to use: as many as asked for, the cores there are at most, which is also the default.
 *
 * @throws TowerkitError `BAD_OPTION` for anything but a positive integer
 */
export function threadCount(wanted?: number): number {
  const cores = availableParallelism();
  if (wanted === undefined) return cores;
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new TowerkitError('BAD_OPTION', `threads must be a positive integer, got ${wanted}`);
  if (wanted > cores && !said) {
    said = true;
    process.emitWarning(`${wanted} threads were asked for, ${cores} are used: one per core`, {
      code: 'TOWERKIT_THREADS',
    });
  }
  return Math.min(wanted, cores);
}
