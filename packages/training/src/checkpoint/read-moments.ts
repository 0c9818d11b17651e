import { decodeSafetensors, isTowerkitError, type StoredTensor } from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';
import { join } from 'node:path';

import type { EarlierMoments } from '../tables/continue-state.js';
import { BEST, LAST, type Progress } from './checkpoint.js';

/**
 * The optimizer's state at the end of the run whose weights are given, from its folder of checkpoints.
 *
 * @param weights those of an artifact, by name
 * @returns `undefined` where the folder holds no checkpoint, or one of another run: neither its best weights nor its last are
 *   these
 */
export async function readMoments(
  folder: string,
  weights: Readonly<Record<string, StoredTensor>>,
): Promise<EarlierMoments | undefined> {
  const last = await readIfWhole(join(folder, LAST));
  if (!last) return undefined;
  const { tensors, metadata } = last;
  const best = await readIfWhole(join(folder, BEST));
  const isTheirs = (name: string, part: string, from: Readonly<Record<string, StoredTensor>> = {}) =>
    sameValues(from[`${name}${part}`]?.data, weights[name].data);
  const names = Object.keys(weights);
  if (
    !names.every((name) => isTheirs(name, '#values', tensors)) &&
    !names.every((name) => isTheirs(name, '', best?.tensors))
  )
    return undefined;
  const of = (part: 'first' | 'second') =>
    Object.fromEntries(
      names.flatMap((name) => {
        const data = tensors[`${name}#${part}`]?.data;
        return data instanceof Float32Array ? [[name, data]] : [];
      }),
    );
  const { step } = JSON.parse(metadata.progress) as Progress;
  return {
    first: of('first'),
    second: of('second'),
    steps: Number.isSafeInteger(step) && step > 0 ? step : 0,
  };
}

async function readIfWhole(path: string): Promise<ReturnType<typeof decodeSafetensors> | undefined> {
  try {
    return decodeSafetensors(await readRegular(path));
  } catch (error) {
    if (isTowerkitError(error) || ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}

function sameValues(a: ArrayLike<number> | undefined, b: ArrayLike<number>): boolean {
  if (a?.length !== b.length) return false;
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
