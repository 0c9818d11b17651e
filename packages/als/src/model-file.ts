import { join } from 'node:path';

import { decodeSafetensors, encodeSafetensors, isTowerkitError, Matrix, TowerkitError } from '@towerkit/core';
import { readRegular, writeFileAtomic } from '@towerkit/core/files';

import type { Factors } from './factorize.js';
import { settings, type AlsOptions } from './options.js';
import { RowRegularization } from './row-regularization.js';

const KIND = 'als';
const VERSION = '1';
/** What `regularization` was called in files written earlier. */
const OLD_NAME = 'penalty';

/** Writes `als.safetensors` into a folder that exists. */
export async function writeModel(folder: string, options: AlsOptions, model: Factors): Promise<void> {
  const stored = ({ rows, cols, data }: Matrix) => ({ shape: [rows, cols], data });
  const bytes = encodeSafetensors(
    {
      user_factors: stored(model.users),
      item_factors: stored(model.items),
      regularization: { shape: [1], data: Float32Array.of(model.regularization.scale) },
    },
    { format: KIND, version: VERSION, options: JSON.stringify(options) },
  );
  await writeFileAtomic(join(folder, `${KIND}.safetensors`), bytes);
}

/** Reads it back, trusting nothing. */
export async function readModel(folder: string): Promise<{ options: AlsOptions; model: Factors }> {
  const path = join(folder, `${KIND}.safetensors`);
  const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw cause;
    throw new TowerkitError('MODEL_NOT_FOUND', `there is no ALS model at ${path}`, { details: { path } });
  });
  if (!bytes) throw bad(`${path} is not a regular file`);
  try {
    return decode(bytes);
  } catch (cause) {
    if (isTowerkitError(cause, 'BAD_MODEL')) throw cause;
    throw bad((cause as Error).message, cause);
  }
}

function decode(bytes: Uint8Array): { options: AlsOptions; model: Factors } {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== KIND) throw bad(`its format is ${JSON.stringify(metadata.format)}`);
  if (metadata.version !== VERSION) throw bad(`its version is ${metadata.version}, not ${VERSION}`);
  const options: unknown = JSON.parse(metadata.options);
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw bad('its options are no object');
  const { factors, exponent, unobservedWeight } = settings(options);
  const matrix = (name: string) => {
    const { shape, data } = tensors[name] ?? {};
    const whole = data instanceof Float32Array && data.every(Number.isFinite);
    if (!whole || shape.length !== 2 || shape[0] === 0 || shape[1] !== factors)
      throw bad(`${name} is not a matrix of finite float32 with ${factors} columns`);
    return new Matrix(shape[0], factors, data);
  };
  const scale = (tensors.regularization ?? tensors[OLD_NAME])?.data;
  if (!(scale instanceof Float32Array && scale.length === 1 && scale[0] > 0 && scale[0] < Infinity))
    throw bad('regularization is not a number above 0');
  return {
    options,
    model: {
      users: matrix('user_factors'),
      items: matrix('item_factors'),
      regularization: new RowRegularization(scale[0], exponent, unobservedWeight),
    },
  };
}

const bad = (what: string, cause?: unknown) =>
  new TowerkitError('BAD_MODEL', `this is no whole ALS model: ${what}`, { cause });
