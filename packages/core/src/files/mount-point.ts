import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Whether a folder is a mount point: no other folder can be renamed into its place.
 *
 * @param path links are followed
 * @returns `false` also where there is nothing
 */
export async function isMountPoint(path: string): Promise<boolean> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) return false;
  const [own, above] = await Promise.all([target, dirname(target)].map((each) => stat(each)));
  if (own.dev !== above.dev) return true;
  // A folder mounted from the same file system has its device, too; Linux lists it, with blanks and the like as octal numbers.
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const written = target.replace(
    /[ \t\n\\]/g,
    (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return mounts.split('\n').some((line) => line.split(' ')[4] === written);
}
