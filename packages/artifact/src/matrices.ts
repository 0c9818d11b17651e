import { decodeSafetensors, encodeSafetensors, Matrix } from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';
import { writeFile } from 'node:fs/promises';

import { TowerkitError } from './errors.js';

/** Writes matrices into one safetensors file. */
export async function writeMatrices(
  path: string,
  matrices: Readonly<Record<string, Matrix>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const tensors = Object.entries(matrices).map(([name, { rows, cols, data }]) => [
    name,
    { shape: [rows, cols], data },
  ]);
  await writeFile(path, encodeSafetensors(Object.fromEntries(tensors), metadata));
}

/** The matrices of a safetensors file by name, and its metadata. */
export interface StoredMatrices {
  readonly matrices: Readonly<Record<string, Matrix>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the matrices of a safetensors file, or those wanted.
 *
 * @param source its path, or its bytes, such as `readArtifactFile` gives
 * @throws TowerkitError `BAD_ARTIFACT` for one that is not a float matrix
 */
export async function readMatrices(
  source: string | Uint8Array,
  wanted: (name: string) => boolean = () => true,
): Promise<StoredMatrices> {
  const isPath = typeof source === 'string';
  const { tensors, metadata } = decodeSafetensors(isPath ? await readRegular(source) : source);
  const matrices = Object.entries(tensors).flatMap(([name, { shape, data }]) => {
    if (!wanted(name)) return [];
    if (shape.length !== 2 || !(data instanceof Float32Array))
      throw new TowerkitError(
        'BAD_ARTIFACT',
        `${isPath ? source : 'the file'}: "${name}" is not a float matrix`,
        {
          hint: 'train again, or copy the folder again from where it came',
        },
      );
    return [[name, new Matrix(shape[0], shape[1], data)] as const];
  });
  return { matrices: Object.fromEntries(matrices), metadata };
}
