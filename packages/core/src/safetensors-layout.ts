import { TowerkitError } from './errors.js';

/** Where one tensor of a safetensors file lies. */
export interface TensorPlace {
  readonly name: string;
  /** Type of its values, one of those asked for. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte, and the one behind the last, in the file. */
  readonly from: number;
  readonly to: number;
}

/** What the header of a safetensors file says. */
export interface SafetensorsLayout {
  /** In the order in which they lie in the file, without overlap, gap or rest. */
  readonly places: readonly TensorPlace[];
  readonly metadata: Record<string, string>;
}

/** Types of values of the format, with the bytes that a value takes. */
export const SAFETENSORS_TYPES: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1 },
  ...{ U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
};

const MAX_HEADER = 100_000_000;
/** The key of the header that is no tensor. */
export const METADATA = '__metadata__';

/**
 * Bytes up to the first value of a safetensors file, by its first eight: so many must be read to know its layout.
 *
 * @param size bytes of the file
 * @throws TowerkitError `BAD_SAFETENSORS` for a header that does not fit into the file
 */
export function safetensorsStart(bytes: Uint8Array, size: number): number {
  if (bytes.length < 8) throw badSafetensors('it is shorter than its own header');
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER || 8 + length > size) throw badSafetensors('its header is cut off');
  return 8 + length;
}

/**
 * The layout of a safetensors file by its beginning; values are not looked at. Nothing in it is trusted: header, offsets and
 * shapes are checked, and, as the format demands, the tensors must cover the file without overlap, gap or rest.
 *
 * @param bytes the beginning of the file, {@link safetensorsStart} bytes at least; a Node `Buffer` will do
 * @param size bytes of the file. Default: it is given whole
 * @param types the types that the reader takes, with the bytes of a value. Default: those of the format
 * @throws TowerkitError `BAD_SAFETENSORS` saying what is wrong
 * @example
 * ```ts
 * const { places } = safetensorsLayout(encodeSafetensors({ w: { shape: [1, 2], data: Float32Array.of(1, 2) } }));
 * places[0]; // { name: 'w', dtype: 'F32', shape: [1, 2], from: 64, to: 72 }
 * ```
 */
export function safetensorsLayout(
  bytes: Uint8Array,
  size: number = bytes.length,
  types: Readonly<Record<string, number>> = SAFETENSORS_TYPES,
): SafetensorsLayout {
  const start = safetensorsStart(bytes, size);
  const { [METADATA]: metadata = {}, ...entries } = headerOf(bytes, start);
  if (!isRecord(metadata) || !Object.values(metadata).every((text) => typeof text === 'string'))
    throw badSafetensors('its metadata is not text by name');
  const places = Object.entries(entries).map(([name, entry]) => placeOf(name, entry, types));
  places.sort((a, b) => a.from - b.from || a.to - b.to);
  let covered = 0;
  for (const { name, from, to } of places) {
    if (from !== covered)
      throw badSafetensors(
        `tensor ${JSON.stringify(name)} starts at ${from}, the one before it ends at ${covered}`,
      );
    covered = to;
  }
  if (start + covered !== size)
    throw badSafetensors(`its tensors take ${covered} bytes, but it holds ${size - start}`);
  return {
    places: places.map(({ from, to, ...place }) => ({ ...place, from: start + from, to: start + to })),
    metadata: metadata as Record<string, string>,
  };
}

function headerOf(bytes: Uint8Array, start: number): Record<string, unknown> {
  if (bytes.length < start) throw badSafetensors('its header is cut off');
  if (bytes[8] !== 0x7b) throw badSafetensors('its header does not start with "{"');
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    return JSON.parse(decoder.decode(bytes.subarray(8, start))) as Record<string, unknown>;
  } catch (cause) {
    throw badSafetensors('its header is not JSON', cause);
  }
}

function placeOf(name: string, entry: unknown, types: Readonly<Record<string, number>>): TensorPlace {
  const what = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(entry)) throw badSafetensors(`${what} is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(types, dtype)) {
    const known = Object.keys(types)
      .join(', ')
      .replace(/, (\w+)$/, ' or $1');
    throw badSafetensors(`${what}: its type is not ${known} but ${JSON.stringify(dtype)}`);
  }
  if (!isSizes(shape)) throw badSafetensors(`${what}: its shape is not a list of sizes`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1] < offsets[0])
    throw badSafetensors(`${what}: bad offsets`);
  const [from, to] = offsets;
  if (elements(shape) * types[dtype] !== to - from)
    throw badSafetensors(`${what}: shape [${shape}] does not fit its ${to - from} bytes`);
  return { name, dtype, shape, from, to };
}

/** Number of values of a shape. */
export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is a list of sizes. */
export const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

const badSafetensors = (what: string, cause?: unknown) =>
  new TowerkitError('BAD_SAFETENSORS', `not a whole safetensors file: ${what}`, { cause });
