import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Milliseconds before an artifact that is not whole is tried again: at first, and at most. */
const FIRST = 500;
const LONGEST = 30_000;

/** A folder that an artifact lies in: what was there last, and when it is to be tried again. */
export class WatchedFolder {
  #seen: string | undefined;
  #retryAt = Infinity;
  #delay = FIRST;

  constructor(readonly path: string) {}

  /** Whether there is something to try that was not tried before, or that is to be tried again by now. */
  async look(): Promise<boolean> {
    const identity = await identityOf(this.path);
    const isNew = identity !== undefined && identity !== this.#seen;
    if (isNew) this.#delay = FIRST;
    else if (performance.now() < this.#retryAt) return false;
    this.#seen = identity;
    this.#retryAt = Infinity;
    return true;
  }

  /** What was there is no fault and no news: the next look tries again. */
  forget(): void {
    this.#seen = undefined;
  }

  /** What is there may be on its way: it is tried again after a while, each time after a longer one. */
  retry(): void {
    this.#retryAt = performance.now() + this.#delay;
    this.#delay = Math.min(2 * this.#delay, LONGEST);
  }

  /** Whether the folder itself is a mount point: another that takes its name outside is never seen here. */
  async isMountPoint(): Promise<boolean> {
    const path = await realpath(this.path).catch(() => resolve(this.path));
    const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => undefined);
    if (mounts !== undefined)
      return mounts.split('\n').some((line) => unescaped(line.split(' ')[4]) === path);
    const devices = [path, dirname(path)].map((each) => stat(each).then(({ dev }) => dev));
    return Promise.all(devices).then(
      ([own, above]) => own !== above,
      () => false,
    );
  }
}

/** A path of `mountinfo`, which has blanks and the like as octal numbers. */
const unescaped = (path = ''): string =>
  path.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));

/** Tells one artifact from another without reading it; `undefined` where there is none. */
const identityOf = (folder: string): Promise<string | undefined> =>
  stat(join(folder, 'manifest.json')).then(
    ({ dev, ino, size, mtimeMs, ctimeMs }) => [dev, ino, size, mtimeMs, ctimeMs].join(),
    () => undefined,
  );
