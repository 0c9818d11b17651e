import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { isAbandoned, prefixOf, temporariesIn, temporaryName } from './temporary-names.js';
import { cleanedUp, cleanUpAtExit } from './exit-cleanup.js';
import { unwritable } from './unwritable.js';

/**
 * Writes a file so that readers see the old one or the new one, never a part: into a temporary name beside it,
 * flushed, then renamed. What a writer of the same file left there when it was killed is removed.
 *
 * @param path the file to make or to replace; its folder must exist
 * @param content text (as UTF-8) or bytes
 * @throws TowerkitError `UNWRITABLE` when the folder cannot be written; nothing is left behind
 */
export const writeFileAtomic = (path: string, content: string | Uint8Array): Promise<void> =>
  fillFileAtomic(path, (temporary) => writeFile(temporary, content));

/**
 * {@link writeFileAtomic} by something that writes the file itself.
 *
 * @param fill writes to the path it is given, where an empty file stands
 * @returns what `fill` returned
 * @throws TowerkitError `UNWRITABLE`; whatever else `fill` throws. Nothing is left behind
 */
export async function fillFileAtomic<T>(path: string, fill: (temporary: string) => Promise<T>): Promise<T> {
  await removeAbandoned(dirname(path), (prefix) => prefix === prefixOf(path));
  const temporary = temporaryName(path, 'tmp');
  cleanUpAtExit(temporary);
  try {
    await (await open(temporary, 'wx')).close();
    const result = await fill(temporary);
    const file = await open(temporary, 'r+');
    await file.sync().finally(() => file.close());
    await rename(temporary, path);
    return result;
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(path, cause);
  } finally {
    cleanedUp(temporary);
  }
}

/**
 * Removes the temporary files that {@link writeFileAtomic} left in a folder where its process was killed. It clears away those
 * of the file it writes itself; this is for files whose names do not come again.
 *
 * @param isTarget which files they were to become, by name
 */
export const removeTemporaryFiles = (folder: string, isTarget: (name: string) => boolean): Promise<void> =>
  removeAbandoned(folder, (prefix) => isTarget(prefix.slice(1)));

async function removeAbandoned(folder: string, wanted: (prefix: string) => boolean): Promise<void> {
  for (const temporary of await temporariesIn(folder, wanted))
    if (temporary.kind === 'tmp' && isAbandoned(temporary))
      await rm(temporary.path, { force: true }).catch(() => undefined);
}
