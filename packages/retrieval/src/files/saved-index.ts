import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, type FileHandle, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isTowerkitError } from '@towerkit/core';
import { openRegular, writeFolderAtomic } from '@towerkit/core/files';

import type { Manifest, SavedIndex } from '../driver.js';
import { badIndex, indexNotFound } from './errors.js';
import { parseManifest, printManifest } from './manifest.js';

const MANIFEST = 'index.json';

/** Bytes of one, at most. */
const LARGEST_MANIFEST = 2 ** 20;

/**
 * Writes an index as a folder, whole or not at all.
 *
 * @param about the manifest without its files
 * @param fill writes the driver's files into the folder it is given
 * @throws TowerkitError `UNWRITABLE`; `FOLDER_IN_USE` for a folder with other files than an index's; `LOCKED` while another
 *   process writes it
 */
export async function saveIndex(
  path: string,
  about: Omit<Manifest, 'files'>,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const write = async (folder: string) => {
    await fill(folder);
    const names = (await readdir(folder)).sort();
    const entries = await Promise.all(
      names.map(async (name) => [name, await describe(join(folder, name))] as const),
    );
    await writeFile(join(folder, MANIFEST), printManifest({ ...about, files: Object.fromEntries(entries) }));
  };
  await writeFolderAtomic(path, write, { owned: indexFiles });
}

/** The files of a folder that are an index's: those that a valid `index.json` in it lists, and that. */
const indexFiles = (folder: string): Promise<readonly string[]> =>
  readManifest(folder).then(
    ({ files }) => [MANIFEST, ...Object.keys(files)],
    () => [],
  );

/** What a saved index is, without a look at its other files. @throws TowerkitError `INDEX_NOT_FOUND`, `BAD_INDEX` */
export const readManifest = (folder: string): Promise<Manifest> =>
  withFile(folder, MANIFEST, async (file, size) => {
    if (size > LARGEST_MANIFEST) throw badIndex(`${MANIFEST} has ${size} bytes`);
    return parseManifest(await file.readFile('utf8'));
  }).catch((cause: Error) => {
    throw isMissing(cause.cause) ? indexNotFound(folder) : cause;
  });

/**
 * Opens a saved index and verifies the size and checksum of each file.
 *
 * @throws TowerkitError `INDEX_NOT_FOUND`, `BAD_INDEX`
 */
export async function openSaved(path: string): Promise<SavedIndex> {
  const manifest = await readManifest(path);
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files))
    await withFile(path, name, async (file, size) => {
      if (size !== bytes) throw badIndex(`${name} has ${size} bytes, not ${bytes}`);
      const read = file.createReadStream({ end: bytes, highWaterMark: 2 ** 20, autoClose: false });
      if ((await checksum(read)) !== sha256) throw badIndex(`${name} is not what was written`);
    });
  return { folder: path, manifest };
}

/** Has a regular file of an index read. @throws TowerkitError `BAD_INDEX` where there is none */
async function withFile<T>(
  folder: string,
  name: string,
  read: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  const file = await openRegular(join(folder, name)).catch((cause: Error) => {
    throw badIndex(isMissing(cause) ? `${name} is missing` : `${name}: ${cause.message}`, cause);
  });
  if (file === undefined) throw badIndex(`${name} is not a regular file`);
  try {
    return await read(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

const isMissing = (cause: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');

/** Runs what reads an index's files: whatever it trips over is a `BAD_INDEX`. */
export async function reading<T>(what: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (isTowerkitError(cause)) throw cause;
    throw badIndex(`${what}: ${(cause as Error).message}`, cause);
  }
}

async function describe(path: string): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'r+');
  try {
    await file.sync(); // the rename that makes the folder whole must not come before its bytes
    return {
      bytes: (await file.stat()).size,
      sha256: await checksum(createReadStream(path, { highWaterMark: 2 ** 20 })),
    };
  } finally {
    await file.close();
  }
}

async function checksum(from: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of from) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
