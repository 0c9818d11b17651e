import { bytesOf, type InputFile } from '@towerkit/data/internal';
import { mkdtemp, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A part of a text file in a file of its own, which `close` removes. */
export interface TextSample {
  readonly file: InputFile;
  /** Its share of the file, above 0; unknown for a compressed one. */
  readonly share?: number;
  close(): Promise<void>;
}

/** How much of a large file is looked at. */
export interface SampleSize {
  /** Bytes up to which a file is read whole; of a compressed one a fifth of that counts. */
  readonly whole: number;
  /** Bytes that are taken of a larger one. */
  readonly taken: number;
}

/** Places in a file that a sample is taken from. */
const PIECES = 64;

/**
 * A sample of a text file that is too large to look at whole: pieces from all over it, in its order, each of whole lines.
 * Of a compressed file, which can only be read from the start, it is the beginning.
 *
 * @param lead first lines to keep, such as names of columns: 0 or 1
 * @returns undefined for a file that is small enough
 */
export async function sampleText(
  file: InputFile,
  { whole, taken }: SampleSize,
  lead: 0 | 1,
): Promise<TextSample | undefined> {
  const { size } = await stat(file.path);
  if (size <= (file.compression === 'gzip' ? whole / 5 : whole)) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-sample-'));
  const close = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'sample');
  try {
    const to = await open(path, 'wx');
    try {
      if (file.compression === 'gzip') await copyBeginning(file, to, taken);
      else await copyPieces(file, to, size, taken, lead);
    } finally {
      await to.close();
    }
    const sample = { ...file, path, compression: 'none' as const };
    const share = (await stat(path)).size / size;
    return { file: sample, ...(file.compression === 'none' && { share }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function copyBeginning(file: InputFile, to: FileHandle, taken: number): Promise<void> {
  let held: Uint8Array = new Uint8Array(0);
  let size = 0;
  for await (const chunk of bytesOf(file)) {
    if (size + chunk.length >= taken) {
      held = chunk.subarray(0, chunk.lastIndexOf(10) + 1);
      break;
    }
    await to.writeFile(chunk);
    size += chunk.length;
  }
  await to.writeFile(held);
}

async function copyPieces(
  file: InputFile,
  to: FileHandle,
  size: number,
  taken: number,
  lead: 0 | 1,
): Promise<void> {
  const from = await open(file.path, 'r');
  try {
    const length = Math.floor(taken / PIECES);
    for (let piece = 0; piece < PIECES; piece++) {
      const start = Math.floor((piece * (size - length)) / (PIECES - 1));
      const bytes = new Uint8Array(length);
      const { bytesRead } = await from.read(bytes, 0, length, start);
      const [first, last] = [bytes.indexOf(10), bytes.lastIndexOf(10, bytesRead - 1)];
      // The first piece has the line of names; others begin behind the line that they cut.
      const begin = piece === 0 && lead === 1 ? 0 : piece === 0 ? 0 : first + 1;
      if (last >= begin) await to.writeFile(bytes.subarray(begin, last + 1));
    }
  } finally {
    await from.close();
  }
}
