import { decodeSafetensors, encodeSafetensors, Matrix, TowerkitError } from '@towerkit/core';
import { readFile, writeFile } from 'node:fs/promises';

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

/** Reads them back. @throws TowerkitError `BAD_ARTIFACT` for one that is no float matrix */
export async function readMatrices(path: string) {
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const matrices = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      if (shape.length !== 2 || !(data instanceof Float32Array))
        throw new TowerkitError('BAD_ARTIFACT', `${path}: "${name}" is no float matrix`);
      return [name, new Matrix(shape[0], shape[1], data)];
    }),
  );
  return { matrices, metadata };
}
