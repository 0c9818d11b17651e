import { writeFolderAtomic, type WriteFolderOptions } from '@towerkit/core/files';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { MANIFEST, readManifestText } from './artifact-file.js';
import { artifactFiles, holdArtifact } from './artifact-folder.js';
import { copyFiles } from './copy-files.js';
import { SCHEMA_VERSION, type ArtifactFacts, type ArtifactManifest } from './manifest.js';
import {
  requireUnchanged,
  verifyArtifact,
  versionOf,
  whileUnchanged,
  type VerifiedArtifact,
} from './verify-artifact.js';

/**
 * Writes an artifact whole or not at all: `fill` writes the model's files into a temporary folder, the manifest
 * with their checksums comes last, then the folder takes its name.
 *
 * @param folder the artifact to make or to replace
 * @returns its manifest
 * @throws TowerkitError `UNWRITABLE` when the place cannot be written; `LOCKED` while another process writes it;
 *   `FOLDER_IN_USE` when it holds other files than an artifact's
 */
export function writeArtifact(
  folder: string,
  facts: ArtifactFacts,
  fill: (folder: string) => Promise<void>,
): Promise<ArtifactManifest> {
  return replaceArtifact(folder, facts, fill);
}

/**
 * Replaces an artifact, as a whole or not at all, by one with the same files, its index left out, and some changed.
 *
 * @param source the artifact, verified; or its folder, to be verified now
 * @param manifest the facts of the new one; its version, time and files are ignored
 * @param change writes what changes into the folder it is given, a copy of the artifact without manifest and index
 * @throws TowerkitError `ARTIFACT_CHANGED` when it is not the one that was verified, also just before it is replaced;
 *   `BAD_ARTIFACT`; what {@link writeArtifact} throws
 */
export async function rewriteArtifact(
  source: string | VerifiedArtifact,
  { schemaVersion: _, createdAt: __, files: ___, ...facts }: ArtifactManifest,
  change: (fresh: string) => Promise<void>,
): Promise<ArtifactManifest> {
  const folder = typeof source === 'string' ? source : source.folder;
  await versionOf(folder); // where there is none, nothing is locked
  return holdArtifact(folder, async () => {
    const artifact = await verifyArtifact(source);
    const beforeReplacing = () => requireUnchanged(artifact);
    await beforeReplacing();
    const fill = async (fresh: string) => {
      const kept = Object.keys(artifact.manifest.files).filter((name) => !name.startsWith('index/'));
      await whileUnchanged([artifact], () => copyFiles(artifact, kept, fresh));
      await change(fresh);
    };
    return replaceArtifact(folder, facts, fill, { beforeReplacing });
  });
}

/**
 * Copies an artifact into another folder, whole or not at all; each file is checked as it is copied.
 *
 * @param source the artifact, verified
 * @param folder the copy to make or to replace
 * @throws TowerkitError as {@link rewriteArtifact}
 */
export function copyArtifact(source: VerifiedArtifact, folder: string): Promise<void> {
  const copy = async (fresh: string) => {
    await copyFiles(source, Object.keys(source.manifest.files), fresh);
    await writeFile(join(fresh, MANIFEST), await readManifestText(source.folder));
    await requireUnchanged({ ...source, folder: fresh });
  };
  return writeFolderAtomic(folder, (fresh) => whileUnchanged([source], () => copy(fresh)), {
    owned: artifactFiles,
  });
}

function replaceArtifact(
  folder: string,
  facts: ArtifactFacts,
  fill: (folder: string) => Promise<void>,
  options: Pick<WriteFolderOptions, 'beforeReplacing'> = {},
): Promise<ArtifactManifest> {
  return writeFolderAtomic(
    folder,
    async (fresh) => {
      await fill(fresh);
      const manifest = await sealArtifact(fresh, facts);
      await writeFile(join(fresh, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
      return manifest;
    },
    { ...options, owned: artifactFiles },
  );
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

/** The SHA-256 of a file, in hexadecimal. */
async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
