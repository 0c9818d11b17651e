import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { TowerkitError } from '../errors.js';

/**
 * Writes a file so that readers see the old one or the new one, never a part: into a temporary name beside it,
 * flushed, then renamed.
 *
 * @param path the file to make or to replace; its folder must exist
 * @param content text (as UTF-8) or bytes
 * @throws TowerkitError `UNWRITABLE` when the folder cannot be written; nothing is left behind
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, cause);
  }
}

/** A file system's refusal as an `UNWRITABLE` error; any other error as it is. */
export function unwritable(path: string, cause: unknown): unknown {
  const { code, syscall, message } = (cause ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined || code === undefined) return cause;
  return new TowerkitError('UNWRITABLE', `cannot write ${path}: ${message}`, {
    hint: 'choose a folder that exists or can be made, and that you may write to',
    details: { path },
    cause,
  });
}
