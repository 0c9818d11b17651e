import { openRegular, recoverFolder } from '@towerkit/core/files';
import { createHash } from 'node:crypto';
import { lstat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { TowerkitError } from './errors.js';
import { badArtifact, type ArtifactManifest } from './manifest.js';

/** The name of the manifest in its folder. */
export const MANIFEST = 'manifest.json';

/** Bytes read at once. */
const CHUNK = 2 ** 20;

/** Bytes of a manifest, at most. */
const LARGEST_MANIFEST = 2 ** 22;

/**
 * Opens a regular file of an artifact. A link, a pipe, a device or a folder is refused at once, also on the way to it.
 *
 * @param name with slashes, as a manifest has it
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export async function openFile(folder: string, name: string): Promise<FileHandle> {
  const parts = name.split('/');
  const notRegular = () => badArtifact(folder, `${name} is not a regular file in it`);
  try {
    for (let depth = 1; depth < parts.length; depth++)
      if (!(await lstat(join(folder, ...parts.slice(0, depth)))).isDirectory()) throw notRegular();
    const handle = await openRegular(join(folder, name));
    if (handle) return handle;
    throw notRegular();
  } catch (cause) {
    const { message, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    if (isAbsent(cause)) throw badArtifact(folder, `${name} is missing`, cause);
    throw badArtifact(folder, `${name} cannot be opened: ${message}`, cause);
  }
}

/**
 * Reads a file of an artifact once, no further than its manifest says, and makes sure that it is what was written.
 *
 * @param name one that the manifest lists
 * @param take is given the bytes as they come, before they are known to be right
 * @throws TowerkitError `BAD_ARTIFACT`
 */
export async function readChecked(
  { folder, manifest }: { readonly folder: string; readonly manifest: ArtifactManifest },
  name: string,
  take?: (part: Uint8Array) => Promise<unknown> | void,
): Promise<void> {
  const wanted = manifest.files[name];
  if (wanted === undefined) throw badArtifact(folder, `its manifest lists no ${name}`);
  const handle = await openFile(folder, name);
  try {
    await checkHandle(handle, folder, name, wanted, take);
  } finally {
    await handle.close();
  }
}

/** {@link readChecked} of a file that is open. */
export async function checkHandle(
  handle: FileHandle,
  folder: string,
  name: string,
  { bytes, sha256 }: ArtifactManifest['files'][string],
  take?: (part: Uint8Array) => Promise<unknown> | void,
): Promise<void> {
  const { size } = await handle.stat();
  if (size !== bytes) throw badArtifact(folder, `${name} has ${size} bytes instead of ${bytes}`);
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, bytes + 1));
  for (let at = 0; ;) {
    // One byte more than there should be: the file may grow meanwhile.
    const { bytesRead } = await handle
      .read(chunk, 0, Math.min(chunk.length, bytes + 1 - at), at)
      .catch((cause: Error) => {
        throw badArtifact(folder, `${name} cannot be read: ${cause.message}`, cause);
      });
    if (bytesRead === 0) break;
    at += bytesRead;
    if (at > bytes) throw badArtifact(folder, `${name} has more than ${bytes} bytes`);
    const part = chunk.subarray(0, bytesRead);
    hash.update(part);
    await take?.(part);
  }
  if (hash.digest('hex') !== sha256)
    throw badArtifact(folder, `${name} is not what was written: its checksum differs`);
}

/**
 * The text of a folder's manifest. A folder that a killed writer left between the two renames of a replacement is put back.
 *
 * @throws TowerkitError `ARTIFACT_NOT_FOUND`; `BAD_ARTIFACT` for what is no regular file, or far too large
 */
export async function readManifestText(folder: string): Promise<string> {
  const handle = await openFile(folder, MANIFEST)
    .catch(async (cause: Error) => {
      if (isAbsent(cause.cause) && (await recoverFolder(folder).catch(() => false)))
        return openFile(folder, MANIFEST);
      throw cause;
    })
    .catch((cause: Error) => {
      if (!isAbsent(cause.cause)) throw cause;
      throw new TowerkitError('ARTIFACT_NOT_FOUND', `no artifact in ${folder}: it has no manifest.json`, {
        hint: 'train one first, or name the folder that was given as --out',
        details: { folder },
        cause,
      });
    });
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_MANIFEST) throw badArtifact(folder, `manifest.json has ${size} bytes`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether a file system's error says that there is no such file. */
function isAbsent(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
