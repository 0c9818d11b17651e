import { TowerkitError } from '../errors.js';

const SYSTEM = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOSPC',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'EDQUOT',
]);

/** A file system's refusal as an `UNWRITABLE` error; any other error as it is. */
export function unwritable(path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === undefined || !SYSTEM.has(code)) return cause;
  return new TowerkitError('UNWRITABLE', `cannot write ${path}: ${(cause as Error).message}`, {
    hint: 'choose a folder that exists or can be made, and that you may write to',
    details: { path },
    cause,
  });
}
