import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { TowerkitError } from '@towerkit/core';

/** How the weights are stored. */
export type Dtype = 'fp32' | 'q8';

/** Where the weights lie in a model's folder. */
export const weightsFile = (dtype: Dtype): string =>
  dtype === 'fp32' ? 'onnx/model.onnx' : 'onnx/model_quantized.onnx';

/** Every file that a model's folder must hold. */
export const requiredFiles = (dtype: Dtype): string[] => [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  weightsFile(dtype),
];

/** What a model's folder says of it. */
export interface ModelFiles {
  readonly dimensions: number;
  readonly maxPositions: number;
  /** SHA-256 of each file that decides the vectors. */
  readonly hashes: readonly string[];
}

/**
 * Looks a model's folder through before anything is loaded from it.
 *
 * @throws TowerkitError `BAD_MODEL` naming the file that is missing, or no JSON
 */
export async function modelFiles(folder: string, dtype: Dtype): Promise<ModelFiles> {
  const hashes: string[] = [];
  for (const file of requiredFiles(dtype)) hashes.push(await hashOf(folder, file));
  const config = await json(folder, 'config.json');
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) await json(folder, file);
  const { hidden_size: dimensions, max_position_embeddings: maxPositions } = config;
  if (!isSize(dimensions) || !isSize(maxPositions))
    throw bad(folder, 'config.json', 'does not say hidden_size and max_position_embeddings');
  return { dimensions, maxPositions, hashes };
}

async function hashOf(folder: string, file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(join(folder, file), { highWaterMark: 1 << 20 }), hash);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw bad(folder, file, missing ? 'is missing' : `cannot be read: ${(cause as Error).message}`, cause);
  }
  return hash.digest('hex');
}

async function json(folder: string, file: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folder, file), 'utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw bad(folder, file, `is no JSON: ${(cause as Error).message}`, cause);
  }
  throw bad(folder, file, 'is no JSON object');
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const bad = (folder: string, file: string, what: string, cause?: unknown) =>
  new TowerkitError('BAD_MODEL', `${join(folder, file)} ${what}`, {
    hint: 'a model folder holds config.json, tokenizer.json, tokenizer_config.json and onnx/model.onnx, whole',
    details: { file: join(folder, file) },
    cause,
  });
