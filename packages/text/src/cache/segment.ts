import { decodeSafetensors, encodeSafetensors, Matrix, TowerkitError } from '@towerkit/core';

import { checksum } from '../checksum.js';

/** Whose vectors they are. */
export interface Owner {
  readonly fingerprint: string;
  readonly dimensions: number;
}

/** Vectors by key, as one file holds them. */
export interface Segment {
  /** 32 hexadecimal digits each, shape [rows]. */
  readonly keys: readonly string[];
  readonly vectors: Matrix;
}

const FORMAT = 'towerkit-text-cache';
const VERSION = '1';
const KEY_BYTES = 16;

/** A safetensors file: `keys` (uint8, [rows, 16]), `vectors` (float32, [rows, dimensions]), owner and checksum beside. */
export function encodeSegment({ keys, vectors }: Segment, { fingerprint }: Owner): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(keys.join(''), 'hex'));
  return encodeSafetensors(
    {
      keys: { shape: [keys.length, KEY_BYTES], data: bytes },
      vectors: { shape: [vectors.rows, vectors.cols], data: vectors.data },
    },
    { format: FORMAT, version: VERSION, encoder: fingerprint, sha256: checksum(bytes, vectors.data) },
  );
}

/** @throws TowerkitError `BAD_CACHE`, `BAD_SAFETENSORS` */
export function decodeSegment(file: Uint8Array, { fingerprint, dimensions }: Owner): Segment {
  const { tensors, metadata } = decodeSafetensors(file);
  if (metadata.format !== FORMAT || metadata.version !== VERSION)
    throw bad(`it is of format ${metadata.format}, version ${metadata.version}`);
  if (metadata.encoder !== fingerprint)
    throw bad(`another encoder wrote it: its fingerprint is ${metadata.encoder}, not ${fingerprint}`);
  const { keys, vectors } = tensors;
  if (!(keys?.data instanceof Uint8Array) || !(vectors?.data instanceof Float32Array))
    throw bad('it holds no keys and vectors');
  const rows = keys.shape[0];
  if (keys.data.length !== rows * KEY_BYTES || vectors.data.length !== rows * dimensions)
    throw bad(`keys of [${keys.shape}] and vectors of [${vectors.shape}] do not fit`);
  if (checksum(keys.data, vectors.data) !== metadata.sha256)
    throw bad('it was damaged: its checksum differs');
  const digits = Buffer.from(keys.data).toString('hex');
  return {
    keys: Array.from({ length: rows }, (_, row) =>
      digits.slice(row * 2 * KEY_BYTES, (row + 1) * 2 * KEY_BYTES),
    ),
    vectors: new Matrix(rows, dimensions, vectors.data),
  };
}

const bad = (what: string) => new TowerkitError('BAD_CACHE', what);
