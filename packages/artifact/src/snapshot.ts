import { isTowerkitError } from '@towerkit/core';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { MANIFEST } from './artifact-file.js';
import { copyFiles } from './copy-files.js';
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
  const artifact = await readWhole(source, async (artifact, manifestText) => {
    try {
      await mkdir(folder, { mode: 0o700 });
      await copyFiles(artifact, Object.keys(artifact.manifest.files), folder);
      await writeFile(join(folder, MANIFEST), manifestText, { flag: 'wx', mode: 0o600 });
    } catch (cause) {
      throw isTowerkitError(cause) ? cause : refuse(folder, cause as Error);
    }
  });
  return { ...artifact, folder };
}

export function refuse(folder: string, cause: Error): never {
  throw new TowerkitError('UNWRITABLE', `cannot write ${folder}: ${cause.message}`, {
    hint: 'copies of artifacts need room: name another folder for them, such as by TMPDIR',
    details: { path: folder },
    cause,
  });
}
