import { randomUUID } from 'node:crypto';
import { lstat, mkdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import { TowerkitError } from '../errors.js';
import { unwritable } from './write-file-atomic.js';

/**
 * Fills a folder so that it appears whole or not at all: `fill` writes into a temporary folder beside it, which
 * then takes the place of the old one. Between the two renames of a replacement there is an instant without the
 * folder; a crash just there leaves the old one beside it as `.<uuid>.old`.
 *
 * @param path the folder to make or to replace, its parents made as needed; a link to a folder is followed
 * @param fill writes the content into the folder it is given
 * @returns what `fill` returned
 * @throws TowerkitError `UNWRITABLE` when the place cannot be written or holds a file; whatever else `fill`
 *   throws. The old folder stays in either case, and nothing else does.
 */
export async function writeFolderAtomic<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const target = await realpath(path).catch(() => resolve(path));
  const tag = join(dirname(target), `.${randomUUID()}`);
  const fresh = `${tag}.tmp`;
  const old = `${tag}.old`;
  const refuse = (cause: unknown) => {
    throw unwritable(target, cause);
  };
  await prepare(target, fresh).catch(refuse);
  try {
    const result = await fill(fresh);
    await replace(fresh, target, old).catch(refuse);
    return result;
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    throw isInside(fresh, cause) ? unwritable(target, cause) : cause;
  }
}

async function prepare(target: string, fresh: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const standing = await lstat(target).catch(() => undefined);
  if (standing !== undefined && !standing.isDirectory())
    throw new TowerkitError('UNWRITABLE', `cannot write ${target}: a file stands there, not a folder`, {
      hint: 'choose another folder',
      details: { path: target },
    });
  await mkdir(fresh);
}

async function replace(fresh: string, target: string, old: string): Promise<void> {
  const replaced = await rename(target, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(fresh, target);
  } catch (error) {
    if (replaced) await rename(old, target);
    throw error;
  }
  // The new folder stands: a rest of the old one that resists removal is no failure of the write.
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * Whether an error that `fill` threw is about the folder (a full disk names no path) rather than about something
 * else it touched, such as an input that is missing.
 */
function isInside(folder: string, error: unknown): boolean {
  const { path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return path === undefined ? syscall === 'write' || syscall === 'fsync' : path.startsWith(folder);
}
