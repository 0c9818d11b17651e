import { recoverFolder } from '@towerkit/core/files';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { TowerkitError } from './errors.js';
import { badArtifact, parseManifest, type ArtifactManifest } from './manifest.js';

/**
 * An artifact whose files were found to be those of its manifest. It is plain data, so that a thread can be given one that
 * another has verified; see {@link requireUnchanged}.
 */
export interface VerifiedArtifact {
  readonly folder: string;
  readonly manifest: ArtifactManifest;
  /** Short name of exactly these files; see {@link versionOf}. */
  readonly version: string;
}

/**
 * Reads an artifact's manifest and verifies that every file it names is there, whole and unchanged. This reads all files
 * once: verify an artifact when it is opened, and hand on the result.
 *
 * @param source a folder, or an artifact that was verified already, which is taken as it is
 * @param kind the kind of model wanted; any by default
 * @throws TowerkitError `ARTIFACT_NOT_FOUND` without a manifest, `BAD_ARTIFACT` saying what is wrong with it,
 *   `ARTIFACT_CHANGED` when it is replaced meanwhile
 */
export async function verifyArtifact(
  source: string | VerifiedArtifact,
  kind?: string,
): Promise<VerifiedArtifact> {
  const artifact = typeof source === 'string' ? await verifyFolder(source) : source;
  const { folder, manifest } = artifact;
  if (kind !== undefined && manifest.kind !== kind)
    throw badArtifact(folder, `it holds a model of the kind ${manifest.kind}, not ${kind}`);
  return artifact;
}

async function verifyFolder(folder: string): Promise<VerifiedArtifact> {
  const text = await readManifestText(folder);
  const artifact = { folder, manifest: parseManifest(folder, text), version: digest(text) };
  try {
    await verifyFiles(artifact);
  } catch (error) {
    await requireUnchanged(artifact); // files of another artifact do not fit, and are no fault of this one
    throw error;
  }
  return artifact;
}

async function verifyFiles({ folder, manifest }: VerifiedArtifact): Promise<void> {
  for (const [name, { bytes, sha256: expected }] of Object.entries(manifest.files)) {
    const path = join(folder, name);
    const size = await stat(path).then(
      (info) => (info.isFile() ? info.size : undefined),
      () => undefined,
    );
    if (size === undefined) throw badArtifact(folder, `${name} is missing`);
    if (size !== bytes) throw badArtifact(folder, `${name} has ${size} bytes instead of ${bytes}`);
    if ((await sha256(path)) !== expected)
      throw badArtifact(folder, `${name} is not what was written: its checksum differs`);
  }
}

/**
 * A short name for exactly the files of an artifact: a digest of its manifest, which holds every other file's checksum.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`
 */
export async function versionOf(folder: string): Promise<string> {
  return digest(await readManifestText(folder));
}

/**
 * Makes sure that an artifact is still the one that was verified.
 *
 * @throws TowerkitError `ARTIFACT_CHANGED`; `ARTIFACT_NOT_FOUND`
 */
export async function requireUnchanged({ folder, version }: VerifiedArtifact): Promise<void> {
  if ((await versionOf(folder)) === version) return;
  throw new TowerkitError('ARTIFACT_CHANGED', `${folder} was replaced while it was read`, {
    hint: 'open it again',
    details: { folder },
  });
}

/** The SHA-256 of a file, in hexadecimal. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

async function readManifestText(folder: string): Promise<string> {
  const read = () => readFile(join(folder, 'manifest.json'), 'utf8');
  const again = async (cause: NodeJS.ErrnoException) => {
    // A writer may be at work, or was killed, between the two renames of a replacement.
    if (cause.code === 'ENOENT' && (await recoverFolder(folder).catch(() => false))) return read();
    throw cause;
  };
  return read()
    .catch(again)
    .catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR')
        throw badArtifact(folder, cause.message, cause);
      throw new TowerkitError('ARTIFACT_NOT_FOUND', `no artifact in ${folder}: it has no manifest.json`, {
        hint: 'train one first, or name the folder that was given as --out',
        details: { folder },
        cause,
      });
    });
}
