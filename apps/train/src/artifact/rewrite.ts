import { writeArtifact, type ArtifactManifest } from '@towerkit/training';
import { cp } from 'node:fs/promises';
import { relative } from 'node:path';

/**
 * Replaces an artifact, as a whole or not at all, by one with the same files, its index left out, and some changed.
 *
 * @param manifest what it is to say, the files aside
 * @param change writes what changes into the folder it is given
 */
export async function rewriteArtifact(
  folder: string,
  { schemaVersion: _, createdAt: __, files: ___, ...facts }: ArtifactManifest,
  change: (fresh: string) => Promise<void>,
): Promise<void> {
  const stays = (path: string) => !/^(manifest\.json|index)$/.test(relative(folder, path));
  await writeArtifact(folder, facts, async (fresh) => {
    await cp(folder, fresh, { recursive: true, filter: stays });
    await change(fresh);
  });
}
