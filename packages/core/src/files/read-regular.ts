import { openRegular } from './open-regular.js';

/**
 * Reads a file whole, if it is a regular one; see {@link openRegular}.
 *
 * @returns `undefined` for anything but a regular file
 * @throws the file system's error, such as ENOENT
 */
export async function readRegular(path: string): Promise<Buffer | undefined> {
  const file = await openRegular(path);
  try {
    return await file?.readFile();
  } finally {
    await file?.close();
  }
}
