import { realpathSync, statSync, type BigIntStats } from 'node:fs';

/**
 * The files of an open database, as the file system tells them apart. SQLite goes on writing into a file that was removed
 * or replaced, and all of it would be lost; so whoever writes looks whether the paths still lead to the files that were
 * opened. It only asks for their status: to open and close one would give up SQLite's locks on it.
 */
export class DatabaseFiles {
  readonly #files: readonly { path: string; device: bigint; inode: bigint }[];

  /** @param path of a database that is open in this process, so that its journal is there too */
  constructor(path: string) {
    const real = realpathSync(path); // where SQLite puts the journal
    this.#files = [path, `${real}-wal`, `${real}-shm`].flatMap((one) => {
      const found = statOf(one);
      return found ? { path: one, device: found.dev, inode: found.ino } : [];
    });
  }

  /** What became of them; `undefined` where they are what they were. */
  fault(): 'missing' | 'replaced' | undefined {
    for (const { path, device, inode } of this.#files) {
      const found = statOf(path);
      if (!found) return 'missing';
      if (found.dev !== device || found.ino !== inode) return 'replaced';
    }
    return undefined;
  }

  /** Whether another main file is where the one that was opened had been. */
  get hasSuccessor(): boolean {
    const [{ path, device, inode }] = this.#files;
    const found = statOf(path);
    return found !== undefined && (found.dev !== device || found.ino !== inode);
  }

  /** Whether only the journals are gone, whose pages the open database still has. */
  get lostJournals(): boolean {
    const [, ...journals] = this.#files;
    return (
      statOf(this.#files[0].path) !== undefined &&
      !this.hasSuccessor &&
      journals.every(({ path }) => !statOf(path))
    );
  }

  /** Journals of the file that was opened which lie beside its successor, into which SQLite would write their pages. */
  get strayJournals(): string[] {
    return this.#files.slice(1).flatMap(({ path, device, inode }) => {
      const found = statOf(path);
      return found && found.dev === device && found.ino === inode ? path : [];
    });
  }

  /** Bytes of the main file. */
  get size(): number {
    return Number(statOf(this.#files[0].path)?.size ?? 0n);
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined; // gone, or its folder is
  }
}
