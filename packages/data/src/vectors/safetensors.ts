import type { FileHandle } from 'node:fs/promises';

import { safetensorsLayout, safetensorsStart, type Matrix, type TensorPlace } from '@towerkit/core';

import { TowerkitError } from '../errors.js';
import { badFile } from '../input-file.js';
import { isFloatType, type FloatType } from './float-bytes.js';
import { readStoredMatrix, readWhole } from './stored-matrix.js';

/**
 * Reads one matrix of a safetensors file: floats of 16 (also bfloat16), 32 or 64 bits. Other tensors are not read.
 *
 * @param size bytes of the file
 * @param tensor its name; not needed where the file has one matrix of floats only
 * @returns the matrix, and the ids that the metadata list as a JSON array under `ids`, where they do
 * @throws TowerkitError `BAD_FILE`; `MISSING_COLUMN` for a name that it does not have; `EMPTY_DATA`, `TOO_LARGE`
 */
export async function readSafetensorsMatrix(
  handle: FileHandle,
  path: string,
  size: number,
  tensor?: string,
): Promise<{ matrix: Matrix; ids?: readonly unknown[] }> {
  const { places, metadata } = await layoutOf(handle, path, size);
  const matrices = places.flatMap((place) => asMatrix(place) ?? []);
  const names = matrices.map(({ name }) => name);
  const found =
    tensor === undefined && matrices.length === 1
      ? matrices[0]
      : matrices.find(({ name }) => name === tensor);
  if (!found)
    throw new TowerkitError(
      'MISSING_COLUMN',
      tensor === undefined
        ? `${path} has ${names.length} matrices of floats: say which, as \`tensor\``
        : `${path} has no matrix of floats ${JSON.stringify(tensor)}`,
      {
        hint: names.length > 0 ? `it has ${names.slice(0, 20).join(', ')}` : 'it has none',
        details: { file: path, found: names },
      },
    );
  const { shape, type, from } = found;
  const matrix = await readStoredMatrix(handle, path, {
    shape,
    type,
    littleEndian: true,
    byColumn: false,
    from,
  });
  const ids = metadata.ids === undefined ? undefined : idsOf(path, metadata.ids);
  return { matrix, ...(ids && { ids }) };
}

async function layoutOf(handle: FileHandle, path: string, size: number) {
  try {
    const first = new Uint8Array(Math.min(8, size));
    await readWhole(handle, path, first, 0);
    const head = new Uint8Array(safetensorsStart(first, size));
    await readWhole(handle, path, head, 0);
    return safetensorsLayout(head, size);
  } catch (cause) {
    throw badFile(path, (cause as Error).message, cause);
  }
}

function asMatrix({ name, shape, dtype, from }: TensorPlace) {
  if (shape.length !== 2 || !isFloatType(dtype)) return undefined;
  const type: FloatType = dtype;
  return { name, shape: [shape[0], shape[1]] as const, type, from };
}

function idsOf(path: string, text: string): readonly unknown[] {
  try {
    const ids: unknown = JSON.parse(text);
    if (Array.isArray(ids)) return ids;
  } catch (cause) {
    throw badFile(path, 'its metadata have `ids` that are no JSON', cause);
  }
  throw badFile(path, 'its metadata have `ids` that are no JSON array');
}
