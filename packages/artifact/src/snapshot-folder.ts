import { isRunning, THIS_PROCESS } from '@towerkit/core/files';
import { rmSync, utimesSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { refuse } from './snapshot.js';

/** Milliseconds between two signs of life of a folder's owner, and without one until it is taken for dead. */
const BEAT = 60_000;
const SILENCE = 10 * BEAT;

const NAME = /^towerkit-snapshot-([0-9a-f]{8})-(\d+)-([0-9a-f]*)-/;

/**
 * A folder of this process alone for copies of artifacts, see `snapshotArtifact`: gone when it is removed, at the latest
 * with the process. What a killed process left is removed when the next one makes a folder in the same place.
 */
export class SnapshotFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes one.
   *
   * @param parent the folder it is made in; the system's folder for temporary files by default
   * @throws TowerkitError `UNWRITABLE`
   */
  static async make(parent: string = tmpdir()): Promise<SnapshotFolder> {
    await removeLeft(parent);
    const { host, pid, started } = THIS_PROCESS;
    const owner = `${host}-${pid}-${started}`;
    const path = await mkdtemp(join(parent, `towerkit-snapshot-${owner}-`)).catch((cause) =>
      refuse(parent, cause),
    );
    if (standing.size === 0) {
      process.once('exit', removeAll);
      beat = setInterval(signOfLife, BEAT).unref();
    }
    standing.add(path);
    return new SnapshotFolder(path);
  }

  /** Removes it with the copies in it. */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    standing.delete(this.path);
    if (standing.size > 0) return;
    clearInterval(beat);
    process.off('exit', removeAll);
  }

  /** Removes all such folders of this process before it returns: for a process about to be ended by force. */
  static removeAll(): void {
    removeAll();
  }
}

const standing = new Set<string>();
let beat: NodeJS.Timeout | undefined;

function removeAll(): void {
  for (const path of standing) attempt(() => rmSync(path, { recursive: true, force: true }));
  standing.clear();
}

function signOfLife(): void {
  const now = new Date();
  for (const path of standing) attempt(() => utimesSync(path, now, now));
}

/** Removes the folders of this user's processes that have ended. One that cannot be removed stays. */
async function removeLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const [, host, pid, started] = NAME.exec(name) ?? [];
    if (host === undefined) continue;
    const path = join(parent, name);
    if (standing.has(path)) continue;
    const info = await lstat(path).catch(() => undefined);
    if (!info?.isDirectory() || (process.getuid && info.uid !== process.getuid())) continue;
    const silent = Date.now() - info.mtimeMs > SILENCE;
    const running = isRunning({ pid: Number(pid), started, host }) ?? !silent;
    if (!running) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // a folder that cannot be tidied up keeps nobody from working
  }
}
