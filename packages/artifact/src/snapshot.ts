import { constants } from 'node:fs';
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { checkHandle, MANIFEST, openFile, readChecked } from './artifact-file.js';
import { TowerkitError } from './errors.js';
import { readWhole, type VerifiedArtifact } from './verify-artifact.js';

/**
 * Copies the files of an artifact into a folder, each checked against the manifest as it is copied: what is opened from the
 * copy, now or later, are bytes that were verified together, whatever becomes of the artifact. Where the file system can,
 * files share their blocks with the originals.
 *
 * @param source the artifact
 * @param folder the copy; made here, and not there before
 * @returns the copy, verified
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, `ARTIFACT_CHANGED` as `verifyArtifact`; `UNWRITABLE` where the
 *   copy cannot be written, such as on a full disk. A part of the copy may be left
 * @example
 * ```ts
 * const scratch = await SnapshotFolder.make();
 * const artifact = await openArtifact(await snapshotArtifact('artifacts/shop', join(scratch.path, 'shop')));
 * ```
 */
export async function snapshotArtifact(source: string, folder: string): Promise<VerifiedArtifact> {
  const writing = <T>(work: Promise<T>) => work.catch((cause) => refuse(folder, cause));
  const artifact = await readWhole(source, async (artifact, manifestText) => {
    await writing(mkdir(folder, { mode: 0o700 }));
    let clones = process.platform === 'linux';
    const copy = { ...artifact, folder };
    for (const [name, facts] of Object.entries(artifact.manifest.files)) {
      const to = join(folder, ...name.split('/'));
      await writing(mkdir(dirname(to), { recursive: true, mode: 0o700 }));
      const from = await openFile(source, name);
      try {
        clones &&= await clone(from.fd, to);
        if (clones) {
          await readChecked(copy, name);
          continue;
        }
        const file = await writing(open(to, 'wx', 0o600));
        try {
          await checkHandle(from, source, name, facts, (part) => writing(file.writeFile(part)));
        } finally {
          await file.close();
        }
      } finally {
        await from.close();
      }
    }
    await writing(writeFile(join(folder, MANIFEST), manifestText, { flag: 'wx', mode: 0o600 }));
  });
  return { ...artifact, folder };
}

/** Lets a new file share the blocks of one that is open: by its handle, since another may stand at its path by now. */
const clone = (handle: number, to: string): Promise<boolean> =>
  copyFile(`/proc/self/fd/${handle}`, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    () => false,
  );

export function refuse(folder: string, cause: Error): never {
  throw new TowerkitError('UNWRITABLE', `cannot write ${folder}: ${cause.message}`, {
    hint: 'copies of artifacts need room: name another folder for them, such as by TMPDIR',
    details: { path: folder },
    cause,
  });
}
