import { createHash } from 'node:crypto';

import { readChecked, readManifestText } from './artifact-file.js';
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
  return readWhole(folder, async (artifact) => {
    for (const name of Object.keys(artifact.manifest.files)) await readChecked(artifact, name);
  });
}

/**
 * Reads a manifest, and has every file that it names read and checked against it: what was read without an error is right,
 * also where the artifact was replaced meanwhile.
 *
 * @throws TowerkitError what `read` throws; `ARTIFACT_CHANGED` or `ARTIFACT_NOT_FOUND` instead when the artifact was replaced
 *   or is gone by then
 */
export async function readWhole(
  folder: string,
  read: (artifact: VerifiedArtifact, manifestText: string) => Promise<void>,
): Promise<VerifiedArtifact> {
  const text = await readManifestText(folder);
  const artifact = { folder, manifest: parseManifest(folder, text), version: digest(text) };
  await read(artifact, text).catch(async (error: unknown) => {
    await requireUnchanged(artifact);
    throw error;
  });
  return artifact;
}

/**
 * Runs work that reads files of artifacts which were verified before, without checking the files again. Where an artifact was
 * replaced meanwhile, the work may have read files of both, and neither its result nor its error counts.
 *
 * @returns what the work returns
 * @throws TowerkitError `ARTIFACT_CHANGED` or `ARTIFACT_NOT_FOUND` when one of the artifacts was replaced or is gone when the
 *   work ends; else what the work throws
 */
export async function whileUnchanged<T>(
  artifacts: readonly VerifiedArtifact[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    for (const artifact of artifacts) await requireUnchanged(artifact);
  }
}

/**
 * The bytes of one file of an artifact, once more held against the manifest: for what is opened long after the artifact was
 * verified, when others may have written to its folder.
 *
 * @param name as the manifest has it, with slashes
 * @throws TowerkitError `BAD_ARTIFACT` where they are not those of the manifest
 */
export async function readArtifactFile(
  artifact: Pick<VerifiedArtifact, 'folder' | 'manifest'>,
  name: string,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  let at = 0;
  await readChecked(artifact, name, (part) => {
    if (at === 0) bytes = new Uint8Array(artifact.manifest.files[name].bytes); // the file has as many
    bytes.set(part, at);
    at += part.length;
  });
  return bytes;
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

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
