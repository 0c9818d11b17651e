import { TowerkitError } from './errors.js';
import { elements, isSizes, METADATA, safetensorsLayout } from './safetensors-layout.js';

/** A tensor as stored: its shape and its values. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

const DTYPES = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
type Dtype = keyof typeof DTYPES;
const SIZES = { F32: 4, I32: 4, U8: 1 };

/**
 * Encodes named tensors in the safetensors format (https://github.com/huggingface/safetensors): an 8-byte
 * little-endian header length, a JSON header, then the values. Tensors of 4-byte values come first, so that
 * every one is aligned for readers that map the file.
 *
 * @param tensors each with as many values as its shape says; float32, int32 or uint8
 * @param metadata free text kept in the header's `__metadata__`
 * @throws TowerkitError `SHAPE_MISMATCH` when a shape and its values disagree, `BAD_TENSOR` for values of
 *   another type or a tensor named `__metadata__`
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => ({
    name,
    shape,
    data,
    dtype: dtypeOf(name, shape, data),
  }));
  entries.sort((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: Record<string, unknown> = Object.create(null); // a tensor may be called "__proto__"
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  let end = 0;
  for (const { name, dtype, shape, data } of entries)
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8; // values aligned to 8 bytes; the format allows trailing spaces
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const { data } of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a safetensors file. Nothing in it is trusted: header, offsets and shapes are checked first, and, as
 * the format demands, the tensors must cover the file without overlap, gap or rest.
 *
 * @param bytes the whole file; a Node `Buffer` will do
 * @returns tensors by name (copies, in an object without a prototype) and the metadata
 * @throws TowerkitError `BAD_SAFETENSORS` saying what is wrong
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
} {
  const { places, metadata } = safetensorsLayout(bytes, bytes.length, SIZES);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  for (const { name, shape, dtype, from, to } of places) {
    const data = new DTYPES[dtype as Dtype](elements(shape)); // not bytes.slice().buffer: a Buffer's slice is a view
    new Uint8Array(data.buffer).set(bytes.subarray(from, to));
    tensors[name] = { shape, data };
  }
  return { tensors, metadata };
}

function dtypeOf(name: string, shape: readonly number[], data: StoredTensor['data']): Dtype {
  if (name === METADATA)
    throw new TowerkitError(
      'BAD_TENSOR',
      `a tensor cannot be called "${METADATA}": the format keeps that name`,
    );
  const dtype = (Object.keys(DTYPES) as Dtype[]).find((key) => data instanceof DTYPES[key]);
  if (dtype === undefined)
    throw new TowerkitError('BAD_TENSOR', `tensor "${name}": its values are not float32, int32 or uint8`);
  if (!isSizes(shape) || elements(shape) !== data.length)
    throw new TowerkitError('SHAPE_MISMATCH', `tensor "${name}": shape [${shape}] but ${data.length} values`);
  return dtype;
}
