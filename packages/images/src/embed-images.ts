import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';

import { isTowerkitError, Matrix, requireCount, type OnProgress } from '@towerkit/core';

import { TowerkitError } from './errors.js';
import type { ImageEncoder } from './image-encoder.js';
import { imageFiles, type ImageFile } from './image-files.js';

/** Options of {@link embedImages}. */
export interface EmbedImagesOptions {
  /** Images in one run of the model. Default 16. */
  readonly batchSize?: number;
  /** What to do with a file that is no image, `error` by default. */
  readonly onBad?: 'error' | 'skip';
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Vectors of the images of a folder. */
export interface EmbeddedImages {
  /** Ids by row, sorted: the names of the files without their ending. */
  readonly ids: readonly string[];
  /** [images, dimensions] */
  readonly vectors: Matrix;
  /** Files that are no image, with the reason, where they are skipped. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Encodes the images of a folder, one vector for each file. The result does not depend on the order in which the file system
 * lists them.
 *
 * @throws TowerkitError `BAD_IMAGE` naming a file that cannot be read as an image, unless `onBad` is `skip`; `EMPTY_DATA` where none
 *   can; what {@link imageFiles} and the encoder throw; the signal's reason when it was aborted
 * @example
 * ```ts
 * const encoder = await imageEncoder({ model: './models/efficientnet-lite0' });
 * const { ids, vectors } = await embedImages(encoder, './posters', { onBad: 'skip' });
 * await encoder.dispose();
 * ```
 */
export async function embedImages(
  encoder: ImageEncoder,
  folder: string,
  { batchSize = 16, onBad = 'error', onProgress, signal }: EmbedImagesOptions = {},
): Promise<EmbeddedImages> {
  requireCount('batchSize', batchSize);
  if (onBad !== 'error' && onBad !== 'skip')
    throw new TowerkitError('BAD_OPTION', 'onBad must be error or skip', { details: { option: 'onBad' } });
  const files = await imageFiles(folder);
  const vectors = new Float32Array(files.length * encoder.dimensions);
  const ids: string[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (let start = 0; start < files.length; start += batchSize) {
    signal?.throwIfAborted();
    const batch = files.slice(start, start + batchSize);
    const { good, encoded } = await encodeBatch(encoder, batch, onBad, skipped);
    if (good.length > 0) vectors.set(encoded.data, ids.length * encoder.dimensions);
    ids.push(...good.map(({ id }) => id));
    onProgress?.({ stage: 'encode', done: start + batch.length, total: files.length, unit: 'images' });
  }
  if (ids.length === 0)
    throw new TowerkitError('EMPTY_DATA', `none of the ${files.length} images of ${folder} can be read`, {
      hint: skipped[0].reason,
      details: { file: folder },
    });
  const { dimensions } = encoder;
  return {
    ids,
    vectors: new Matrix(ids.length, dimensions, vectors.slice(0, ids.length * dimensions)),
    skipped,
  };
}

/** Encodes a batch; of one with a bad image again without it, as often as it takes. */
async function encodeBatch(
  encoder: ImageEncoder,
  batch: readonly ImageFile[],
  onBad: 'error' | 'skip',
  skipped: { file: string; reason: string }[],
): Promise<{ good: readonly ImageFile[]; encoded: Matrix }> {
  let good: { file: ImageFile; bytes: Uint8Array }[] = [];
  for (const file of batch) {
    const bytes = await readImage(file.path).catch((cause: Error) => {
      if (onBad === 'error')
        throw new TowerkitError('BAD_IMAGE', `${file.path} cannot be read: ${cause.message}`, {
          details: { file: file.path },
          cause,
        });
      skipped.push({ file: basename(file.path), reason: cause.message });
    });
    if (bytes) good.push({ file, bytes });
  }
  for (;;)
    try {
      const names = good.map(({ file }) => file.path);
      const encoded = await encoder.encode(
        good.map(({ bytes }) => bytes),
        { names },
      );
      return { good: good.map(({ file }) => file), encoded };
    } catch (error) {
      const place = isTowerkitError(error, 'BAD_IMAGE') ? error.details?.image : undefined;
      if (onBad === 'error' || typeof place !== 'number') throw error;
      skipped.push({ file: basename(good[place].file.path), reason: (error as Error).message });
      good = good.filter((_, other) => other !== place);
    }
}

/** The bytes of a file; a link may lead to a pipe, which would be waited for without end. */
async function readImage(path: string): Promise<Uint8Array> {
  if (!(await stat(path)).isFile()) throw new Error('it is not a regular file');
  return readFile(path);
}
