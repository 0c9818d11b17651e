import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { unwritable } from './unwritable.js';

/**
 * Fills a folder so that it appears whole or not at all: `fill` writes into a temporary folder beside it, which
 * then takes the place of the old one.
 *
 * @param path the folder to make or to replace
 * @param fill writes the content into the folder it is given
 * @throws TowerkitError `UNWRITABLE` when the place cannot be written; whatever `fill` throws. The old folder
 *   stays in either case.
 */
export async function writeFolderAtomic<T>(path: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(path);
  const tag = `${basename(target)}.${randomUUID()}`;
  const fresh = join(dirname(target), `.${tag}.tmp`);
  const old = join(dirname(target), `.${tag}.old`);
  try {
    await mkdir(dirname(target), { recursive: true });
    await mkdir(fresh);
    const result = await fill(fresh);
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
    await rm(old, { recursive: true, force: true });
    return result;
  } catch (cause) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    throw unwritable(target, cause);
  }
}
