import { createHash } from 'node:crypto';
import { readlinkSync, rmSync, utimesSync } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { refuse } from './snapshot.js';

/** Milliseconds between two signs of life of a folder's owner, and without one until it is taken for dead. */
const BEAT = 60_000;
const SILENCE = 10 * BEAT;

const NAME = /^towerkit-snapshot-([0-9a-f]{8})-(\d+)-(\d+)-/;

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
    const owner = `${placeOf()}-${process.pid}-${startOf()}`;
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
    const [, place, pid, start] = NAME.exec(name) ?? [];
    if (place === undefined) continue;
    const path = join(parent, name);
    if (standing.has(path)) continue;
    const info = await lstat(path).catch(() => undefined);
    if (!info?.isDirectory() || (process.getuid && info.uid !== process.getuid())) continue;
    const silent = Date.now() - info.mtimeMs > SILENCE;
    // Ids of processes say something where they are counted: a container counts its own, and does so anew each time.
    const gone = place === placeOf() ? !isAlive(Number(pid), start) : silent;
    if (gone) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Another start under our own id is an earlier process, such as the first one of a container. */
function isAlive(pid: number, start: string): boolean {
  if (pid === process.pid) return Math.abs(Number(start) - startOf()) < 5000;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Where ids of processes are counted: the host, on Linux the namespace. */
function placeOf(): string {
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '';
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

/** When this process started, in milliseconds, about: the same in all its threads. */
const startOf = (): number => Math.round(Date.now() - process.uptime() * 1000);

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined; // a folder that cannot be tidied up keeps nobody from working
  }
}
