import { decodeSafetensors, Matrix, TowerkitError } from '@towerkit/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The matrices of a safetensors file of an artifact, or those named.
 *
 * @throws TowerkitError `BAD_ARTIFACT` for one that is no float matrix
 */
export async function readMatrices(
  folder: string,
  file: string,
  wanted: (name: string) => boolean = () => true,
): Promise<Record<string, Matrix>> {
  const { tensors } = decodeSafetensors(await readFile(join(folder, file)));
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([name, { shape, data }]) => {
      if (!wanted(name)) return [];
      if (shape.length !== 2 || !(data instanceof Float32Array))
        throw new TowerkitError('BAD_ARTIFACT', `${join(folder, file)}: "${name}" is no float matrix`);
      return [[name, new Matrix(shape[0], shape[1], data)]];
    }),
  );
}
