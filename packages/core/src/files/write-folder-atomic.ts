import { existsSync, renameSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { holdFolder, type HoldFolderOptions } from './hold-path.js';
import { requireOwned } from './owned-files.js';
import { temporaryName } from './temporary-names.js';
import { cleanedUp, cleanUpAtExit } from './exit-cleanup.js';
import { unwritable } from './unwritable.js';

/** Options of {@link writeFolderAtomic}. */
export interface WriteFolderOptions extends HoldFolderOptions {
  /** Looks once more, when the new folder is whole and about to take its place; what it throws keeps the old one. */
  readonly beforeReplacing?: () => Promise<void>;
}

/**
 * Fills a folder so that it appears whole or not at all: `fill` writes into a temporary folder beside it, which then takes
 * the place of the old one. The folder is held meanwhile, see {@link holdFolder}: two writers never replace each other's.
 *
 * Between the two renames of a replacement there is an instant without the folder. A process killed just there leaves the old
 * one beside it, which {@link recoverFolder} and the next writer put back.
 *
 * @param path the folder to make or to replace, its parents made as needed; a link to a folder is followed
 * @param fill writes the content into the folder it is given
 * @returns what `fill` returned
 * @throws TowerkitError `UNWRITABLE` when the place cannot be written or holds a file, `LOCKED` while another writes it,
 *   `FOLDER_IN_USE` when it holds other files than those owned; whatever else `fill` throws. The old folder stays in any
 *   case, and nothing else does.
 */
export async function writeFolderAtomic<T>(
  path: string,
  fill: (folder: string) => Promise<T>,
  options: WriteFolderOptions = {},
): Promise<T> {
  return holdFolder(
    path,
    async ({ target, requireHeld }) => {
      const fresh = temporaryName(target, 'tmp');
      cleanUpAtExit(fresh);
      try {
        await mkdir(fresh);
        const result = await fill(fresh);
        await syncFiles(fresh);
        await options.beforeReplacing?.();
        if (options.owned) await requireOwned(target, options.owned, path);
        await requireHeld();
        await replace(fresh, target);
        return result;
      } catch (cause) {
        await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
        throw isInside(target, fresh, cause) ? unwritable(path, cause) : cause;
      } finally {
        cleanedUp(fresh);
      }
    },
    options,
  );
}

async function replace(fresh: string, target: string): Promise<void> {
  const old = temporaryName(target, 'old');
  const replaced = existsSync(target);
  const here = standingIn(target);
  // At once, so that no signal that this process hears comes between the two.
  if (replaced) renameSync(target, old);
  try {
    renameSync(fresh, target);
  } catch (error) {
    if (replaced) renameSync(old, target);
    throw error;
  }
  if (here !== undefined && existsSync(here)) process.chdir(here);
  await syncFolder(dirname(target));
  if (!replaced) return;
  // The new folder stands: a rest of the old one that resists removal is no failure of the write.
  cleanUpAtExit(old);
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
  cleanedUp(old);
}

/** The working folder where it is the folder or within it: a process goes on standing in the old one otherwise. */
function standingIn(folder: string): string | undefined {
  let here = '';
  try {
    if (isMainThread) here = process.cwd(); // a thread cannot change it
  } catch {
    // It is gone already.
  }
  return here === folder || here.startsWith(`${folder}${sep}`) ? here : undefined;
}

/** Has the disk write a folder's files, so that a loss of power after the renames cannot leave them empty. */
async function syncFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncFiles(path);
    else if (entry.isFile()) await sync(path, process.platform === 'win32' ? 'r+' : 'r');
  }
  await syncFolder(folder);
}

/** Not every system can open a folder to do so. */
const syncFolder = (folder: string) => sync(folder, 'r').catch(() => undefined);

async function sync(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  await file.sync().finally(() => file.close());
}

/**
 * Whether an error is about the folder (a full disk names no path) rather than about something else that `fill` touched, such
 * as an input that is missing.
 */
function isInside(target: string, fresh: string, cause: unknown): boolean {
  const { path, syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  return path === undefined
    ? syscall === 'write' || syscall === 'fsync'
    : path === target || path.startsWith(fresh);
}
