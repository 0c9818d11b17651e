import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';

/** Follows no link and waits for no pipe, where the system can be told so. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file to read it, if it is a regular one. What else may stand at a path would be read without end (a device), be
 * waited for (a pipe) or lead elsewhere (a link); none of these is opened, also not one that takes the file's place between
 * the look at it and the opening.
 *
 * @returns `undefined` for anything but a regular file; the caller closes the handle
 * @throws the file system's error, such as ENOENT
 */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  if (!(await lstat(path)).isFile()) return undefined;
  const handle = await open(path, FLAGS);
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/**
 * Reads a file whole, if it is a regular one; see {@link openRegular}.
 *
 * @throws the file system's error; one with the code EINVAL for anything but a regular file
 */
export async function readRegular(path: string): Promise<Buffer> {
  const handle = await openRegular(path);
  if (handle === undefined)
    throw Object.assign(new Error(`EINVAL: not a regular file, open '${path}'`), {
      ...{ code: 'EINVAL', syscall: 'open', path },
    });
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
