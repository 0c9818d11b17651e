import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A small file system that can be filled. */
export class Disk {
  private constructor(readonly folder: string) {}

  /** Mounts one in memory; `undefined` where that is not allowed. */
  static async mount(folder: string, mebibytes: number): Promise<Disk | undefined> {
    await mkdir(folder, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], {
        stdio: 'ignore',
      });
      return new Disk(folder);
    } catch {
      return undefined;
    }
  }

  /** Takes all the room that is left, to the last page. */
  async fill(): Promise<void> {
    for (let part = 0; part < 100; part++) {
      const { bavail, bsize } = await statfs(this.folder);
      if (bavail === 0) return;
      const size = Math.max(1, Math.min(bavail, 256)) * bsize;
      await writeFile(join(this.folder, `filling-${part}`), Buffer.alloc(size)).catch(() => undefined);
    }
  }

  async free(): Promise<void> {
    for (let part = 0; part < 100; part++) await rm(join(this.folder, `filling-${part}`), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder], { stdio: 'ignore' });
  }
}
