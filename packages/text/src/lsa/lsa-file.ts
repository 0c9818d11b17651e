import { join } from 'node:path';

import {
  decodeSafetensors,
  isTowerkitError,
  Matrix,
  TowerkitError,
  Vocabulary,
  type StoredTensor,
} from '@towerkit/core';
import { readRegular } from '@towerkit/core/files';

import { checksum } from '../checksum.js';
import type { TermCounts } from './term-weights.js';

/** Raised when texts are read or weighted otherwise, so that an old file is not taken for what it is not. */
const VERSION = '1';
export const LSA_FILE = 'lsa.safetensors';

/** All that a fitted LSA is. */
export interface LsaModel {
  readonly terms: TermCounts;
  /** A row for each term, shape [terms, dimensions]. */
  readonly projection: Matrix;
  readonly singularValues: Float32Array;
}

/** Tensors and metadata of a model. */
export function writtenLsa({
  terms: { vocabulary, counts, texts },
  projection: { rows, cols, data },
  singularValues,
}: LsaModel): [Record<string, StoredTensor>, Record<string, string>] {
  const names = new TextEncoder().encode(vocabulary.names.join('\n')); // no term holds a line break
  return [
    {
      vocabulary: { shape: [names.length], data: names },
      counts: { shape: [rows], data: counts },
      projection: { shape: [rows, cols], data },
      singular_values: { shape: [cols], data: singularValues },
    },
    {
      ...{ format: 'lsa', version: VERSION, texts: String(texts) },
      sha256: checksum(String(texts), names, counts, data, singularValues),
    },
  ];
}

/** @throws TowerkitError `MODEL_NOT_FOUND`, `BAD_MODEL` */
export async function readLsa(folder: string): Promise<LsaModel> {
  const path = join(folder, LSA_FILE);
  const bytes = await readRegular(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'ENOTDIR') throw notWhole(path, cause);
    throw new TowerkitError('MODEL_NOT_FOUND', `there is no LSA model at ${path}`, { details: { path } });
  });
  try {
    return readModel(bytes);
  } catch (cause) {
    throw isTowerkitError(cause) ? notWhole(path, cause) : cause;
  }
}

const notWhole = (path: string, cause: Error) =>
  new TowerkitError('BAD_MODEL', `${path} is no whole LSA model: ${cause.message}`, {
    hint: 'fit it anew',
    details: { path },
    cause,
  });

function readModel(bytes: Uint8Array): LsaModel {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== 'lsa' || metadata.version !== VERSION)
    throw bad(`it is of format ${metadata.format}, version ${metadata.version}; this reads lsa, ${VERSION}`);
  if (metadata.texts === undefined) throw bad('it does not say of how many texts it is');
  const texts = Number(metadata.texts);
  const { vocabulary: names, counts, projection, singular_values: singular } = tensors;
  if (!(names?.data instanceof Uint8Array) || !(counts?.data instanceof Int32Array))
    throw bad('its vocabulary or counts are not there');
  if (!(projection?.data instanceof Float32Array) || !(singular?.data instanceof Float32Array))
    throw bad('its projection or singular values are not there');
  if (checksum(metadata.texts, names.data, counts.data, projection.data, singular.data) !== metadata.sha256)
    throw bad('it was damaged: its checksum differs');
  const [rows, cols] = projection.shape;
  const vocabulary = new Vocabulary(
    new TextDecoder('utf-8', { ignoreBOM: true }).decode(names.data).split('\n'),
  );
  if (
    projection.shape.length !== 2 ||
    vocabulary.size !== rows ||
    counts.data.length !== rows ||
    singular.data.length !== cols
  )
    throw bad(`its parts do not fit: ${vocabulary.size} terms, a projection of [${projection.shape}]`);
  if (!Number.isSafeInteger(texts) || counts.data.some((count) => count < 1 || count > texts))
    throw bad('its counts are none');
  for (const { data } of [projection, singular])
    if (!data.every(Number.isFinite)) throw bad('it holds values that are not finite');
  return {
    terms: { vocabulary, counts: counts.data, texts },
    projection: new Matrix(rows, cols, projection.data),
    singularValues: singular.data,
  };
}

const bad = (what: string) => new TowerkitError('BAD_MODEL', what);
