import { TowerkitError } from '../errors.js';

/** A file system's refusal as an `UNWRITABLE` error; any other error as it is. */
export function unwritable(path: string, cause: unknown): unknown {
  const { code, syscall, message } = (cause ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return cause;
  return cannotWrite(path, message, cause);
}

/** The error of a place that cannot be written. */
export const cannotWrite = (path: string, why: string, cause?: unknown): TowerkitError =>
  new TowerkitError('UNWRITABLE', `cannot write ${path}: ${why}`, {
    hint: 'choose a folder that exists or can be made, and that you may write to',
    details: { path },
    cause,
  });
