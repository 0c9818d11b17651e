import { constants, createWriteStream, rmSync } from 'node:fs';
import { copyFile, type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { TowerkitError } from '@towerkit/core';

import { type Parameter, readHeader, readParameter, type Header, writeParameter } from './parameter.js';

export const FILE = 'index.faiss';

/** A folder for what an index keeps on disk; gone with the index, at the latest with the process. */
export async function scratchFolder(): Promise<string> {
  try {
    const folder = await mkdtemp(join(tmpdir(), 'towerkit-faiss-'));
    if (scratch.size === 0) process.once('exit', removeAll);
    scratch.add(folder);
    return folder;
  } catch (cause) {
    throw new TowerkitError(
      'UNWRITABLE',
      `cannot write in the temporary folder: ${(cause as Error).message}`,
      {
        hint: 'set TMPDIR to a folder with room',
        cause,
      },
    );
  }
}

export async function removeScratch(folder: string): Promise<void> {
  scratch.delete(folder);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Those that stand. */
export const scratch = new Set<string>();
function removeAll(): void {
  for (const folder of scratch) rmSync(folder, { recursive: true, force: true });
}

/**
 * The file behind an index of FAISS: what is saved, and where its one parameter is changed, since reading a file leaks
 * nothing and throws what it dislikes.
 */
export class IndexFile {
  #folder: string | undefined;

  private constructor(
    private path: string,
    private handle: FileHandle,
    folder: string | undefined,
    readonly header: Header | undefined,
    readonly parameter: Parameter | undefined,
    readonly bytes: number,
  ) {
    this.#folder = folder;
  }

  /** @param folder one of {@link scratchFolder} that holds it, where it is the index's own */
  static async open(path: string, folder?: string): Promise<IndexFile> {
    const handle = await open(path, folder === undefined ? 'r' : 'r+');
    const { size } = await handle.stat();
    return new IndexFile(path, handle, folder, await readHeader(handle), await readParameter(handle), size);
  }

  /** Where it can be read; by now another may stand there if it is not the index's own. */
  get current(): string {
    return this.path;
  }

  /** Writes the parameter, into a copy where the file is not the index's own. */
  async change(value: number): Promise<void> {
    if (this.#folder === undefined) {
      const folder = await scratchFolder();
      await this.copyTo(join(folder, FILE));
      await this.handle.close();
      [this.path, this.#folder] = [join(folder, FILE), folder];
      this.handle = await open(this.path, 'r+');
    }
    await writeParameter(this.handle, this.parameter!, value);
  }

  async copyTo(path: string): Promise<void> {
    if (this.#folder !== undefined) await copyFile(this.path, path, constants.COPYFILE_FICLONE);
    else
      await pipeline(
        this.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 2 ** 20 }),
        createWriteStream(path),
      );
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    if (this.#folder !== undefined) await removeScratch(this.#folder);
  }
}
