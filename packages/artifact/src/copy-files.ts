import { constants } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { checkHandle, openFile, readChecked } from './artifact-file.js';
import type { VerifiedArtifact } from './verify-artifact.js';

/**
 * Copies files of an artifact into a folder, each checked against the manifest as it is copied. Where the file system can,
 * copies share their blocks with the originals.
 *
 * @param names of files that the manifest lists
 * @param folder is there, and has none of the files
 * @throws TowerkitError `BAD_ARTIFACT`; the file system's error where the copy cannot be written
 */
export async function copyFiles(
  artifact: VerifiedArtifact,
  names: readonly string[],
  folder: string,
): Promise<void> {
  const { manifest } = artifact;
  let clones = process.platform === 'linux';
  for (const name of names) {
    const to = join(folder, ...name.split('/'));
    await mkdir(dirname(to), { recursive: true });
    const from = await openFile(artifact.folder, name);
    try {
      clones &&= await clone(from.fd, to);
      if (clones) {
        await readChecked({ folder, manifest }, name);
        continue;
      }
      const file = await open(to, 'wx');
      try {
        const take = (part: Uint8Array) => file.writeFile(part);
        await checkHandle(from, artifact.folder, name, manifest.files[name], take);
      } finally {
        await file.close();
      }
    } finally {
      await from.close();
    }
  }
}

/** Lets a new file share the blocks of one that is open: by its handle, since another may stand at its path by now. */
const clone = (handle: number, to: string): Promise<boolean> =>
  copyFile(`/proc/self/fd/${handle}`, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );
