import { TowerkitError } from '@towerkit/core';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A short name for exactly these files: a digest of the manifest, which holds every other file's checksum. */
export async function versionOf(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, 'manifest.json')).catch((cause: unknown) => {
    throw new TowerkitError('ARTIFACT_NOT_FOUND', `no artifact in ${folder}: it has no manifest.json`, {
      hint: 'train one first, or name the folder that was given as --out',
      cause,
    });
  });
  return createHash('sha256').update(manifest).digest('hex').slice(0, 12);
}
