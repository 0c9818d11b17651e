import { basename, resolve } from 'node:path';

import { Matrix } from '@towerkit/core';
import { threadCount } from '@towerkit/kernels/internal';

import { TowerkitError } from './errors.js';
import { badModel, modelFolder, type ModelFolder } from './model-folder.js';
import { pooledOutput, type OutputTensor } from './pooled-output.js';
import { loadTransformers, type Transformers } from './transformers.js';

/** Options of {@link imageEncoder}. */
export interface ImageEncoderOptions {
  /** The model's folder: `config.json`, `preprocessor_config.json` and `onnx/model.onnx`, or `onnx/vision_model.onnx`. */
  readonly model: string;
  /** Threads of ONNX Runtime; one per core by default, and at most. */
  readonly threads?: number;
}

/** Options of {@link ImageEncoder.encode}. */
export interface EncodeImagesOptions {
  /** What to call each image in errors; its place by default. */
  readonly names?: readonly string[];
}

/** Turns images into vectors. */
export interface ImageEncoder {
  /** Name of the model's folder. */
  readonly name: string;
  /** Number of components of a vector. */
  readonly dimensions: number;
  /** Of the model's files: another model gives other vectors. */
  readonly fingerprint: string;
  /**
   * Encodes images in one batch; callers split what would not fit into memory.
   *
   * @param images the bytes of PNG, JPEG, WebP, GIF, TIFF or AVIF files, of any size and color
   * @returns [images, dimensions], as the model gives them: not scaled
   * @throws TowerkitError `BAD_IMAGE` for bytes that are no image, with `details.image`, its place; `BAD_MODEL` for a model that
   *   gives something else than finite vectors
   */
  encode(images: readonly Uint8Array[], options?: EncodeImagesOptions): Promise<Matrix>;
  /** Frees native memory. */
  dispose(): Promise<void>;
}

/**
 * Opens an image encoder of a folder on disk, in the layout in which transformers.js reads models; nothing is downloaded. Images
 * are prepared as `preprocessor_config.json` says. The vector is `image_embeds` (CLIP), else `pooler_output`, else pooled from
 * `last_hidden_state`.
 *
 * @throws TowerkitError `MISSING_PACKAGE` without `@huggingface/transformers`; `MODEL_UNAVAILABLE` where there is no such folder;
 *   `BAD_MODEL` naming a file that is missing or broken, or for a model that gives no vectors; `BAD_OPTION`
 * @example
 * ```ts
 * const encoder = await imageEncoder({ model: './models/efficientnet-lite0' });
 * const vectors = await encoder.encode([await readFile('poster.jpg')]);
 * vectors.cols; // 1280
 * ```
 */
export async function imageEncoder({ model, threads }: ImageEncoderOptions): Promise<ImageEncoder> {
  if (typeof model !== 'string' || model === '')
    throw new TowerkitError('BAD_OPTION', 'model must be the path of a folder', {
      details: { option: 'model' },
    });
  const cores = threadCount(threads);
  const files = await modelFolder(model);
  const transformers = await loadTransformers();
  const { processor, network } = await openModel(transformers, resolve(model), files, cores);
  const run = async (images: Awaited<ReturnType<typeof decode>>[]): Promise<Float32Array> => {
    let outputs: Record<string, OutputTensor | undefined>;
    try {
      const { pixel_values } = (await processor(images)) as { pixel_values: unknown };
      outputs = (await network({ pixel_values })) as typeof outputs;
    } catch (cause) {
      throw badModel(files.weights, `does not run: ${(cause as Error).message}`, cause);
    }
    const vectors = pooledOutput(outputs, images.length);
    if (!vectors)
      throw badModel(files.weights, `gives no vectors, but ${Object.keys(outputs).join(', ') || 'nothing'}`);
    if (!vectors.every(Number.isFinite)) throw badModel(files.weights, 'gives vectors that are not finite');
    return vectors;
  };
  try {
    // A model is tried before a thousand images are read: on one that is all black.
    const { RawImage } = transformers;
    const tried = await run([new RawImage(new Uint8ClampedArray(32 * 32 * 3), 32, 32, 3)]);
    return {
      name: basename(resolve(model)),
      dimensions: tried.length,
      fingerprint: files.fingerprint,
      async encode(images, { names } = {}) {
        if (images.length === 0) return new Matrix(0, tried.length);
        const read = [];
        for (const [place, bytes] of images.entries())
          read.push(await decode(transformers, bytes, place, names?.[place] ?? `image ${place}`));
        const vectors = await run(read);
        return new Matrix(images.length, tried.length, Float32Array.from(vectors));
      },
      dispose: async () => void (await network.dispose()),
    };
  } catch (error) {
    await network.dispose();
    throw error;
  }
}

async function openModel(
  { AutoImageProcessor, AutoModel, AutoModelForImageFeatureExtraction }: Transformers,
  folder: string,
  { weights, isTower }: ModelFolder,
  threads: number,
) {
  const local = { local_files_only: true };
  const open = async <T>(file: string, load: () => Promise<T>): Promise<T> => {
    try {
      return await load();
    } catch (cause) {
      throw badModel(file, `cannot be used: ${(cause as Error).message}`, cause);
    }
  };
  const processor = await open(`${folder}/preprocessor_config.json`, () =>
    AutoImageProcessor.from_pretrained(folder, local),
  );
  // The image tower of CLIP and its like has a class of its own, which reads it without the tower of texts.
  const Model = isTower ? AutoModelForImageFeatureExtraction : AutoModel;
  const network = await open(weights, () =>
    Model.from_pretrained(folder, {
      ...local,
      ...{ dtype: 'fp32', device: 'cpu' },
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
    }),
  );
  return { processor, network };
}

/** An image in memory, as red, green and blue. */
async function decode({ RawImage }: Transformers, bytes: Uint8Array, place: number, name: string) {
  try {
    const image = await RawImage.fromBlob(new Blob([Uint8Array.from(bytes)]));
    return image.rgb();
  } catch (cause) {
    throw new TowerkitError('BAD_IMAGE', `${name} is no image: ${(cause as Error).message.split('\n')[0]}`, {
      hint: 'give a PNG, JPEG, WebP, GIF, TIFF or AVIF file, whole',
      details: { image: place },
      cause,
    });
  }
}
