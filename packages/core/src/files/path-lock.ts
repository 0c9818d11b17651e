import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import {
  constants,
  copyFile,
  link,
  lstat,
  open,
  readFile,
  rename,
  rm,
  type FileHandle,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { lockedBy, ownerOf, printOwner, type LockOwner } from './lock-owner.js';
import { prefixOf, temporaryName } from './temporary-names.js';
import { cleanedUp, cleanUpAtExit } from './exit-cleanup.js';
import { cannotWrite, unwritable } from './unwritable.js';
import { commandName, isRunning, THIS_PROCESS } from './process-identity.js';

/** How often an owner says that it is still there, in milliseconds. */
const RENEW = 20_000;
/** After so long without a word an owner that cannot be looked up, on another host, counts as gone. */
export const STALE = 120_000;

const ATTEMPTS = 5;

/**
 * The right to write a file or folder, held by one process: a file beside it that names its owner. It appears whole (a link),
 * is renewed while it is held, and goes when it is released or the process exits. That of a process that was killed is
 * recognized by its process number and start on the same host, by its age on another, and taken over.
 */
export class PathLock {
  readonly #renewal: NodeJS.Timeout;

  private constructor(
    private readonly target: string,
    private readonly place: string,
    private readonly text: string,
    private readonly file: FileHandle,
  ) {
    // Through the open file, so that it can never renew the lock of somebody who has taken it over.
    this.#renewal = setInterval(() => void file.write(text, 0).catch(() => undefined), RENEW).unref();
    cleanUpAtExit(place, () => {
      if (readFileSync(place, 'utf8') === text) rmSync(place);
    });
  }

  /**
   * Takes the lock of a file or folder; it need not exist, but the folder above it must.
   *
   * @param target its real path
   * @throws TowerkitError `LOCKED` naming the owner; `UNWRITABLE`
   */
  static async take(target: string): Promise<PathLock> {
    const place = join(dirname(target), `${prefixOf(target)}.lock`);
    const text = printOwner({
      ...THIS_PROCESS,
      hostname: hostname(),
      command: commandName(),
      since: new Date().toISOString(),
      token: randomUUID(),
    });
    const candidate = temporaryName(target, 'lock');
    cleanUpAtExit(candidate);
    try {
      const file = await open(candidate, 'wx');
      try {
        await file.writeFile(text);
        const { mtimeMs: now } = await file.stat(); // by the clock of the file system, as the other's
        for (let attempt = 1; !(await putInPlace(candidate, place)); attempt++) {
          const standing = await standingAt(place, now);
          if (standing === undefined) continue;
          if (standing.live || attempt === ATTEMPTS) throw lockedBy(standing.owner, target, place);
          await takeAway(standing, target);
        }
      } finally {
        await file.close();
      }
      const standing = await open(place, 'r+').catch(async (error: unknown) => {
        await rm(place, { force: true });
        throw error;
      });
      return new PathLock(target, place, text, standing);
    } catch (cause) {
      throw unwritable(target, cause);
    } finally {
      await rm(candidate, { force: true }).catch(() => undefined);
      cleanedUp(candidate);
    }
  }

  /** @throws TowerkitError `LOCKED` when another writer has taken it over, because this one seemed to be gone */
  async requireHeld(): Promise<void> {
    const text = await textAt(this.place);
    if (text !== this.text) throw lockedBy(ownerOf(text), this.target, this.place);
  }

  async release(): Promise<void> {
    clearInterval(this.#renewal);
    await this.file.close().catch(() => undefined);
    const text = await textAt(this.place);
    if (text === this.text) await rm(this.place, { force: true }).catch(() => undefined);
    cleanedUp(this.place);
  }
}

/** What stands in the place of a lock. One that {@link takeAway} has caught by mistake is back in a moment. */
async function textAt(place: string): Promise<string> {
  for (let left = ATTEMPTS; left > 0; left--) {
    const text = await readFile(place, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    await pause(10);
  }
  return '';
}

/** Puts a whole lock into its place unless there is one. */
async function putInPlace(candidate: string, place: string): Promise<boolean> {
  try {
    await link(candidate, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(candidate, place, constants.COPYFILE_EXCL); // a file system without links
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

interface StandingLock {
  readonly place: string;
  readonly text: string;
  /** Absent where the lock is not written to its end. */
  readonly owner?: LockOwner;
  readonly live: boolean;
}

/** The lock that stands in the way, unless it has just gone. */
async function standingAt(place: string, now: number): Promise<StandingLock | undefined> {
  try {
    const info = await lstat(place);
    const text = info.isFile() && info.size < 4096 ? await readFile(place, 'utf8') : '?';
    const owner = ownerOf(text);
    if (owner === undefined && text !== '' && !text.startsWith('{"pid":'))
      throw cannotWrite(place, 'something else than a lock has the name of one');
    const running = owner && holds(owner);
    return { place, text, owner, live: running ?? now - info.mtimeMs < STALE };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether an owner still runs; `undefined` where only the age of its lock can say: on another host, for another thread of this
 * process, and for a process that may be a later one with the same number, because the system does not say when it started.
 */
function holds(owner: LockOwner): boolean | undefined {
  const { pid, started, host } = THIS_PROCESS;
  const isThis = owner.pid === pid && owner.host === host && owner.started === started;
  const running = isRunning(owner);
  return running && (isThis || owner.started === '') ? undefined : running;
}

/**
 * Takes a stale lock out of its place. Of several who try, a slow one may catch the fresh lock of another: it is put back, and
 * whoever came between notices in {@link PathLock.requireHeld} before anything is replaced.
 */
async function takeAway({ place, text }: StandingLock, target: string): Promise<void> {
  const taken = temporaryName(target, 'stale');
  try {
    await rename(place, taken);
    if ((await readFile(taken, 'utf8')) !== text) await link(taken, place).catch(() => undefined);
    await rm(taken, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
