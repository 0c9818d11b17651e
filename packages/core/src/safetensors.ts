import { TowerkitError } from './errors.js';

/** A tensor as stored: its shape and its values. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

const DTYPES = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const;
const MAX_HEADER = 100_000_000;

/**
 * Encodes named tensors in the safetensors format (https://github.com/huggingface/safetensors): an 8-byte
 * little-endian header length, a JSON header, then the values.
 *
 * @param tensors each with as many values as its shape says; float32, int32 or uint8
 * @param metadata free text kept in the header's `__metadata__`
 * @throws TowerkitError `SHAPE_MISMATCH` when a shape and its values disagree
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (elements(shape) !== data.length)
      throw new TowerkitError(
        'SHAPE_MISMATCH',
        `tensor "${name}": shape [${shape}] but ${data.length} values`,
      );
    const dtype = data instanceof Float32Array ? 'F32' : data instanceof Int32Array ? 'I32' : 'U8';
    header[name] = { dtype, shape, data_offsets: [end, (end += data.byteLength)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.length / 8) * 8; // values aligned to 8 bytes; the format allows trailing spaces
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.fill(0x20, 8, 8 + length);
  bytes.set(json, 8);
  let at = 8 + length;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a safetensors file. Nothing in it is trusted: header, offsets and shapes are checked first.
 *
 * @returns tensors by name (copies) and the metadata
 * @throws TowerkitError `BAD_SAFETENSORS` saying what is wrong
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Record<string, StoredTensor>;
  metadata: Record<string, string>;
} {
  const { header, start } = readHeader(bytes);
  const tensors: Record<string, StoredTensor> = Object.create(null);
  const { __metadata__: metadata = {}, ...entries } = header;
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    const Values = DTYPES[dtype as keyof typeof DTYPES];
    if (!Values) throw bad(`tensor "${name}": type ${String(dtype)} is not F32, I32 or U8`);
    if (!isSizes(shape)) throw bad(`tensor "${name}": its shape is not a list of sizes`);
    if (!isSizes(offsets) || offsets.length !== 2) throw bad(`tensor "${name}": bad offsets`);
    const [from, to] = offsets;
    if (to < from || start + to > bytes.length)
      throw bad(`tensor "${name}" reaches past the end of the file`);
    if (elements(shape) * Values.BYTES_PER_ELEMENT !== to - from)
      throw bad(`tensor "${name}": shape [${shape}] does not fit its ${to - from} bytes`);
    tensors[name] = { shape, data: new Values(bytes.slice(start + from, start + to).buffer) };
  }
  return { tensors, metadata: metadata as Record<string, string> };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw bad('the file is shorter than its own header');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > bytes.length) throw bad('its header is cut off');
  try {
    const header: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)),
    );
    if (typeof header !== 'object' || header === null || Array.isArray(header))
      throw new Error('not an object');
    return { header: header as Record<string, unknown>, start: 8 + length };
  } catch (cause) {
    throw bad('its header is not JSON', cause);
  }
}

const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const bad = (what: string, cause?: unknown) =>
  new TowerkitError('BAD_SAFETENSORS', `not a whole safetensors file: ${what}`, { cause });
