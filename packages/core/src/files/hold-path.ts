import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isTowerkitError } from '../towerkit-error.js';
import { PathLock, STALE } from './path-lock.js';
import { requireOwned, type OwnedFiles } from './owned-files.js';
import { realTarget, requireReplaceable } from './real-target.js';
import { isAbandoned, temporariesOf, type Temporary } from './temporary-names.js';
import { unwritable } from './unwritable.js';
import { isRunning } from './process-identity.js';

/** A file or folder that is held. */
export interface HeldPath {
  /** Its real path. */
  readonly target: string;
  /** @throws TowerkitError `LOCKED` when another writer has taken the lock over meanwhile */
  requireHeld(): Promise<void>;
}

/** Options of {@link holdPath}. */
export interface HoldPathOptions {
  /** Looks before anything is written and again under the lock; what it throws comes through. */
  readonly check?: (target: string) => Promise<void>;
  /** Whether folders above that do not exist are made. Default true. */
  readonly makeParents?: boolean;
}

/** Options of {@link holdFolder}. */
export interface HoldFolderOptions {
  /** Which files of the folder may be lost. By default any. */
  readonly owned?: OwnedFiles;
}

// One for all copies of this module: an ES and a CommonJS one in a process must not shut each other out.
const KEY = Symbol.for('@towerkit/core/files: held paths');
const shared = globalThis as unknown as Record<symbol, AsyncLocalStorage<ReadonlyMap<string, HeldPath>>>;
const held = (shared[KEY] ??= new AsyncLocalStorage());

/**
 * Runs work as the only writer of a file or folder, in this process or any other. First it removes what writers that were
 * killed left beside it, and puts the old folder back where one was killed between the two renames of a replacement. Within
 * `work` the same path can be held and written again.
 *
 * The lock is a file beside the real path, `.<name>.lock`.
 *
 * @param path the file or folder; it need not exist, nor the folders above it
 * @throws TowerkitError `LOCKED` naming the other writer; `UNWRITABLE`; whatever `check` and `work` throw. Nothing is left
 *   behind
 */
export async function holdPath<T>(
  path: string,
  work: (held: HeldPath) => Promise<T>,
  { check = async () => undefined, makeParents = true }: HoldPathOptions = {},
): Promise<T> {
  const target = await realTarget(path);
  const outer = held.getStore()?.get(target);
  if (outer) {
    await check(target);
    return work(outer);
  }
  // Looked at before anything is written beside what is not ours; it counts once nobody else changes it.
  const doubt = await check(target).then(
    () => undefined,
    (error: unknown) => error,
  );
  const making = makeParents ? mkdir(dirname(target), { recursive: true }) : undefined;
  const made = await making?.catch((cause: unknown) => {
    throw doubt ?? unwritable(path, cause);
  });
  try {
    const lock = await PathLock.take(target).catch((error: unknown) => {
      throw isTowerkitError(error, 'LOCKED') ? error : (doubt ?? error);
    });
    try {
      await tidy(target);
      await check(target);
      const own = { target, requireHeld: () => lock.requireHeld() };
      return await held.run(new Map([...(held.getStore() ?? []), [target, own]]), () => work(own));
    } finally {
      await lock.release();
    }
  } finally {
    await removeEmpty(dirname(target), made);
  }
}

/**
 * Runs work as the only writer of a folder that it replaces, see {@link holdPath}.
 *
 * @param path the folder; it need not exist
 * @throws TowerkitError `LOCKED` naming the other writer; `UNWRITABLE` for a place that cannot be replaced; `FOLDER_IN_USE`
 *   for other files than those owned; whatever `work` throws. Nothing is left behind
 * @example
 * ```ts
 * await holdFolder('artifacts/shop', async () => {
 *   await writeFolderAtomic('artifacts/shop', write); // no other process has written it since holdFolder
 * });
 * ```
 */
export const holdFolder = <T>(
  path: string,
  work: (held: HeldPath) => Promise<T>,
  { owned }: HoldFolderOptions = {},
): Promise<T> =>
  holdPath(path, work, {
    async check(target) {
      await requireReplaceable(target, path);
      if (owned) await requireOwned(target, owned, path);
    },
  });

/**
 * Puts back a folder that is missing because its writer was killed between the two renames of a replacement.
 *
 * @returns whether the folder is there now
 */
export async function recoverFolder(path: string): Promise<boolean> {
  const target = await realTarget(path).catch(() => undefined);
  if (target === undefined) return false;
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await exists(target)) return true;
    if (!(await temporariesOf(target)).some(({ kind }) => kind === 'old')) return false;
    const locked = await holdFolder(target, async () => false).catch((error: unknown) => {
      if (isTowerkitError(error, 'LOCKED')) return true; // a writer is at work just there: it will be done at once
      throw error;
    });
    if (locked) await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return exists(target);
}

/** Clears away what killed writers left; the lock must be held. */
async function tidy(target: string): Promise<void> {
  const left: (Temporary & { time: number })[] = [];
  for (const temporary of await temporariesOf(target)) {
    const time = (await stat(temporary.path).catch(() => undefined))?.mtimeMs ?? 0;
    if (isLeft(temporary, time)) left.push({ ...temporary, time });
  }
  const [old] = left.filter(({ kind }) => kind === 'old').sort((a, b) => b.time - a.time);
  if (old && !(await exists(target))) await rename(old.path, target);
  for (const { path } of left) await rm(path, { recursive: true, force: true }).catch(() => undefined);
}

/** Nobody but the owner of the lock writes the folder, but others may be trying to get the lock. */
function isLeft(temporary: Temporary, time: number): boolean {
  const { kind, writer } = temporary;
  const claims = kind === 'lock' || kind === 'stale';
  if (claims) return isAbandoned(temporary) || (isRunning(writer) === undefined && Date.now() - time > STALE);
  return writer.pid === process.pid || isRunning(writer) !== true;
}

/** Removes folders that were made for one that has not come, from a folder up to the topmost that was made. */
async function removeEmpty(folder: string, top: string | undefined): Promise<void> {
  for (let at = folder; top !== undefined && at.length >= top.length; at = dirname(at))
    if (
      await rmdir(at).then(
        () => false,
        () => true,
      )
    )
      return;
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
