import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { TowerkitError } from './errors.js';
import type { DatasetManifest } from './manifest.js';

/**
 * Which data set a folder holds: the manifest all of whose files are there, of several the one with the most
 * files, then the first. Contents are not looked at.
 *
 * @param path the folder, or the interactions file inside it
 * @returns the manifest, or undefined for a set that none of them describes
 * @throws TowerkitError `FILE_NOT_FOUND` when there is nothing at `path`
 */
export async function recognize<M extends Pick<DatasetManifest, 'files' | 'interactions'>>(
  path: string,
  manifests: readonly M[],
): Promise<{ manifest: M; folder: string } | undefined> {
  const found = await stat(path).catch((cause) => {
    throw new TowerkitError('FILE_NOT_FOUND', `there is no file or folder ${path}`, {
      details: { file: path },
      cause,
    });
  });
  const folder = found.isDirectory() ? path : dirname(path);
  const candidates = found.isDirectory()
    ? manifests
    : manifests.filter(({ interactions }) => interactions && basename(interactions.file) === basename(path));
  let best: M | undefined;
  for (const manifest of candidates)
    if (manifest.files.length > (best?.files.length ?? 0) && (await holdsAll(folder, manifest)))
      best = manifest;
  return best && { manifest: best, folder };
}

async function holdsAll(folder: string, { files }: Pick<DatasetManifest, 'files'>): Promise<boolean> {
  for (const { name } of files) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() !== true) return false;
  }
  return true;
}
