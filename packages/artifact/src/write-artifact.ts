import { writeFolderAtomic } from '@towerkit/core/files';
import { cp, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

import { SCHEMA_VERSION, type ArtifactFacts, type ArtifactManifest } from './manifest.js';
import { sha256 } from './verify-artifact.js';

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

/**
 * Replaces an artifact, as a whole or not at all, by one with the same files, its index left out, and some changed.
 *
 * @param manifest the facts of the new one; its version, time and files are ignored
 * @param change writes what changes into the folder it is given, a copy of the artifact without manifest and index
 */
export async function rewriteArtifact(
  folder: string,
  { schemaVersion: _, createdAt: __, files: ___, ...facts }: ArtifactManifest,
  change: (fresh: string) => Promise<void>,
): Promise<ArtifactManifest> {
  const stays = (path: string) => !/^(manifest\.json|index)$/.test(relative(folder, path));
  return writeArtifact(folder, facts, async (fresh) => {
    await cp(folder, fresh, { recursive: true, filter: stays });
    await change(fresh);
  });
}

/** Lists the files of a folder that is otherwise complete, with their checksums: the manifest it wants. */
async function sealArtifact(folder: string, facts: ArtifactFacts): Promise<ArtifactManifest> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files: ArtifactManifest['files'] = {};
  for (const path of names.sort()) {
    const name = relative(folder, path).replaceAll(sep, '/');
    files[name] = { bytes: (await stat(path)).size, sha256: await sha256(path) };
  }
  return { schemaVersion: SCHEMA_VERSION, createdAt: new Date().toISOString(), ...facts, files };
}
