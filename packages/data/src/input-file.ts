import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { TowerkitError } from './errors.js';

/** A file that was seen to exist and, where compressed, to be whole. */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** Its name without folders, for messages. */
  readonly name: string;
  /** How it is stored, by its first bytes rather than by its name. */
  readonly compression: 'gzip' | 'none';
}

/**
 * Checks a file before anything reads it. Only a regular file will do: a pipe or a device would never end.
 *
 * @throws TowerkitError `FILE_NOT_FOUND`; `BAD_FILE` for a folder, a pipe, a device or a file that cannot be read
 */
export async function openInput(path: string): Promise<InputFile> {
  const name = basename(path);
  const absolute = resolve(path);
  const found = await stat(absolute).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new TowerkitError('FILE_NOT_FOUND', `there is no file ${path}`, {
        details: { file: path },
        cause,
      });
    throw badFile(path, cause.message, cause);
  });
  if (found.isDirectory()) throw badFile(path, 'it is a folder');
  if (!found.isFile()) throw badFile(path, 'it is not a regular file');
  const magic = await storedBytes(absolute).catch((cause: Error) => {
    throw badFile(path, cause.message, cause);
  });
  const gzip = magic[0] === 0x1f && magic[1] === 0x8b;
  if (!gzip && /\.gz$/i.test(name)) throw badFile(path, 'it is named .gz but is not a gzip file');
  return { path: absolute, name, compression: gzip ? 'gzip' : 'none' };
}

/** The first bytes of a file, decompressed: 1,024, or all of a shorter one. */
export async function beginningOf(file: InputFile): Promise<Uint8Array> {
  for await (const chunk of bytesOf(file)) if (chunk.length > 0) return chunk.subarray(0, 1024);
  return new Uint8Array(0);
}

/**
 * The file's bytes, decompressed.
 *
 * @throws TowerkitError `BAD_FILE` where they cannot be read
 */
export async function* bytesOf(file: InputFile): AsyncGenerator<Uint8Array> {
  const stored = createReadStream(file.path, { highWaterMark: 1 << 18 });
  const bytes: Readable =
    file.compression === 'gzip'
      ? pipeline(stored, createGunzip({ chunkSize: 1 << 18 }), () => undefined)
      : stored;
  try {
    for await (const chunk of bytes) yield chunk as Uint8Array;
  } catch (cause) {
    const what = (cause as Error).message;
    throw badFile(
      file.path,
      file.compression === 'gzip' ? `its gzip stream is damaged: ${what}` : what,
      cause,
    );
  } finally {
    stored.destroy();
  }
}

/** A file that cannot be read as what it should be. */
export function badFile(path: string, what: string, cause?: unknown, hint?: string): TowerkitError {
  return new TowerkitError('BAD_FILE', `cannot read ${path}: ${what.split('\n')[0]}`, {
    hint,
    details: { file: path },
    cause,
  });
}

async function storedBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(2);
    await handle.read(bytes, 0, 2, 0);
    return bytes;
  } finally {
    await handle.close();
  }
}
