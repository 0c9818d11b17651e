import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isTowerkitError } from '@towerkit/core';
import { writeFolderAtomic } from '@towerkit/core/files';

import type { Manifest, SavedIndex } from '../driver.js';
import { badIndex, indexNotFound } from './errors.js';
import { parseManifest, printManifest } from './manifest.js';

const MANIFEST = 'index.json';

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
async function indexFiles(folder: string): Promise<readonly string[]> {
  const path = join(folder, MANIFEST);
  try {
    if (!(await lstat(path)).isFile()) return [];
    return [MANIFEST, ...Object.keys(parseManifest(await readFile(path, 'utf8')).files)];
  } catch {
    return [];
  }
}

/**
 * Opens a saved index and verifies the size and checksum of each file.
 *
 * @throws TowerkitError `INDEX_NOT_FOUND`, `BAD_INDEX`
 */
export async function openSaved(path: string): Promise<SavedIndex> {
  const text = await readFile(join(path, MANIFEST), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' || cause.code === 'ENOTDIR' ? indexNotFound(path) : cause;
  });
  const manifest = parseManifest(text);
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const file = join(path, name);
    const { size } = await stat(file).catch((cause: Error) => {
      throw badIndex(`${name} is missing`, cause);
    });
    if (size !== bytes) throw badIndex(`${name} has ${size} bytes, not ${bytes}`);
    if ((await checksum(file)) !== sha256) throw badIndex(`${name} is not what was written`);
  }
  return { folder: path, manifest };
}

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
    return { bytes: (await file.stat()).size, sha256: await checksum(path) };
  } finally {
    await file.close();
  }
}

async function checksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
    hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
