import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { TowerkitError } from './errors.js';

/** Where weights may lie: those of a model of images alone, and the image tower of one of texts and images, as CLIP is. */
const WEIGHTS = { whole: 'onnx/model.onnx', tower: 'onnx/vision_model.onnx' } as const;

/** What a model's folder holds. */
export interface ModelFolder {
  /** Its file of weights. */
  readonly weights: string;
  /** Whether they are the image tower of a model of texts and images. */
  readonly isTower: boolean;
  /** Of all files that decide the vectors. */
  readonly fingerprint: string;
}

/**
 * Looks a model's folder through before anything is loaded from it.
 *
 * @throws TowerkitError `MODEL_UNAVAILABLE` where there is no such folder; `BAD_MODEL` naming a file that is missing or no JSON
 */
export async function modelFolder(folder: string): Promise<ModelFolder> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new TowerkitError('MODEL_UNAVAILABLE', `there is no model in ${folder}`, {
      hint: 'name the folder that holds config.json, preprocessor_config.json and onnx/model.onnx',
      details: { model: folder },
    });
  const isTower = await exists(join(folder, WEIGHTS.tower));
  const weights = isTower ? WEIGHTS.tower : WEIGHTS.whole;
  const hash = createHash('sha256');
  for (const file of ['config.json', 'preprocessor_config.json'])
    hash.update(await jsonText(folder, file)).update('\0');
  await addFile(hash, folder, weights);
  return { weights: join(folder, weights), isTower, fingerprint: hash.digest('hex') };
}

async function jsonText(folder: string, file: string): Promise<string> {
  const text = await readFile(join(folder, file), 'utf8').catch((cause: Error) => {
    throw unreadable(folder, file, cause);
  });
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch (cause) {
    throw badModel(join(folder, file), `is no JSON: ${(cause as Error).message}`, cause);
  }
  throw badModel(join(folder, file), 'is no JSON object');
}

async function addFile(hash: ReturnType<typeof createHash>, folder: string, file: string): Promise<void> {
  await pipeline(createReadStream(join(folder, file), { highWaterMark: 1 << 20 }), async (parts) => {
    for await (const part of parts as AsyncIterable<Uint8Array>) hash.update(part);
  }).catch((cause: Error) => {
    throw unreadable(folder, file, cause);
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const unreadable = (folder: string, file: string, cause: Error) =>
  badModel(
    join(folder, file),
    (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : `cannot be read: ${cause.message}`,
    cause,
  );

/** The error of a model that cannot be used. */
export const badModel = (file: string, what: string, cause?: unknown): TowerkitError =>
  new TowerkitError('BAD_MODEL', `${file} ${what}`, {
    hint: 'a model folder holds config.json, preprocessor_config.json and onnx/model.onnx (CLIP: onnx/vision_model.onnx)',
    details: { file },
    cause,
  });
