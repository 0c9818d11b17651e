import { isMountPoint } from '@towerkit/core/files';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { MANIFEST, readManifestText } from './artifact-file.js';
import { parseManifest } from './manifest.js';

/** Milliseconds before an artifact that lacks something is tried again: at first, and at most. */
const FIRST = 500;
const LONGEST = 8000;

/**
 * A folder that artifacts come to lie in: whether what is there is worth opening. A folder that is renamed into its place is at
 * once; one that is copied file by file, as rsync and scp do, is tried when its manifest comes, and again whenever
 * its files have changed and then been still from one look to the next.
 *
 * @example
 * ```ts
 * const watched = new WatchedArtifact('artifacts/shop');
 * setInterval(async () => {
 *   if (await watched.look()) await open(watched.path).catch(() => watched.refused());
 * }, 500);
 * ```
 */
export class WatchedArtifact {
  /** The manifest, and all files that it lists, as they were before they were last tried. */
  #manifest: string | undefined;
  #files: string | undefined;
  /** The files as they were at the last look, where they are not those that were tried. */
  #changing: string | undefined;
  #isRefused = false;
  #retryAt = Infinity;
  #delay = FIRST;

  constructor(readonly path: string) {}

  /** Whether the artifact is to be opened now: it was not tried as it is, or it is time to try it again. */
  async look(): Promise<boolean> {
    const manifest = await identityOf(join(this.path, MANIFEST));
    const isNew = manifest !== undefined && manifest !== this.#manifest;
    if (isNew) this.#delay = FIRST;
    const files = isNew || this.#isRefused ? await this.#identityOfFiles() : undefined;
    const isDue = isNew || performance.now() >= this.#retryAt || this.#isStillAgain(files);
    if (!isDue) return false;
    if (isNew) this.#manifest = manifest;
    this.#files = files;
    this.#changing = undefined;
    this.#isRefused = false;
    this.#retryAt = Infinity;
    return true;
  }

  /** Says that the artifact is not whole as it is: it is tried again once any of its files has changed. */
  refused(): void {
    this.#isRefused = true;
  }

  /**
   * Says that something the artifact needs beside its files was not there, such as a database: it is tried again after half a
   * second, then after twice as long each time, up to 8 seconds.
   */
  retry(): void {
    this.#retryAt = performance.now() + this.#delay;
    this.#delay = Math.min(2 * this.#delay, LONGEST);
  }

  /** Forgets that the artifact was tried, such as when it was replaced while it was opened: the next look says yes. */
  forget(): void {
    this.#manifest = undefined;
  }

  /** Whether the folder itself is a mount point: then no folder that is renamed into its place is ever seen here. */
  isMountPoint(): Promise<boolean> {
    return isMountPoint(this.path).catch(() => false);
  }

  #isStillAgain(files: string | undefined): boolean {
    if (!this.#isRefused || files === this.#files) return false;
    const isStill = files === this.#changing;
    this.#changing = files;
    return isStill;
  }

  /** Tells the files that the manifest lists from others in their place; `undefined` without a manifest that lists any. */
  async #identityOfFiles(): Promise<string | undefined> {
    try {
      const { files } = parseManifest(this.path, await readManifestText(this.path));
      const names = [MANIFEST, ...Object.keys(files)];
      return (await Promise.all(names.map((name) => identityOf(join(this.path, name))))).join(' ');
    } catch {
      return undefined;
    }
  }
}

/** Tells one file from another without reading it; `undefined` where there is none. */
const identityOf = (path: string): Promise<string | undefined> =>
  lstat(path).then(
    ({ dev, ino, size, mtimeMs, ctimeMs }) => [dev, ino, size, mtimeMs, ctimeMs].join(),
    () => undefined,
  );
