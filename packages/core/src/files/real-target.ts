import { access, constants, lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { isMountPoint } from './mount-point.js';
import { cannotWrite } from './unwritable.js';

/**
 * The one absolute path of a folder that is there or will be made: links are followed, also above a folder that does not
 * exist yet.
 *
 * @throws TowerkitError `UNWRITABLE` for a link that leads nowhere
 */
export async function realTarget(path: string): Promise<string> {
  const absolute = resolve(path);
  const found = await realpath(absolute).catch(() => undefined);
  if (found !== undefined) return found;
  if ((await lstat(absolute).catch(() => undefined))?.isSymbolicLink())
    throw cannotWrite(path, 'a link stands there that leads nowhere');
  const above = dirname(absolute);
  return above === absolute ? absolute : join(await realTarget(above), basename(absolute));
}

/**
 * Makes sure that the folder at a real path can be replaced by renaming, where it exists.
 *
 * @param path how it was named, for messages
 * @throws TowerkitError `UNWRITABLE` for a file, a root, a mount point, or a folder that must not be written to
 */
export async function requireReplaceable(target: string, path: string): Promise<void> {
  if (dirname(target) === target) throw cannotWrite(path, 'it is the root of a file system');
  const standing = await stat(target).catch(() => undefined);
  if (standing === undefined) return;
  if (!standing.isDirectory()) throw cannotWrite(path, 'a file stands there, not a folder');
  if (await isMountPoint(target))
    throw cannotWrite(
      path,
      'it is a mount point, which no other folder can take the place of; name a folder inside it',
    );
  await access(target, constants.W_OK).catch((cause: Error) => {
    throw cannotWrite(path, cause.message, cause);
  });
}
