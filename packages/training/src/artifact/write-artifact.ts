import { writeFolderAtomic } from '@towerkit/core/files';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sealArtifact, type ArtifactFacts, type ArtifactManifest } from './manifest.js';

/**
 * Writes an artifact whole or not at all: `fill` writes the model's files into a temporary folder, the manifest
 * with their checksums comes last, then the folder takes its name.
 *
 * @param folder the artifact to make or to replace
 * @returns its manifest
 * @throws TowerkitError `UNWRITABLE` when the place cannot be written
 */
export function writeArtifact(
  folder: string,
  facts: ArtifactFacts,
  fill: (folder: string) => Promise<void>,
): Promise<ArtifactManifest> {
  return writeFolderAtomic(folder, async (fresh) => {
    await fill(fresh);
    const manifest = await sealArtifact(fresh, facts);
    await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  });
}
