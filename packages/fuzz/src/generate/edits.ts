import fc from 'fast-check';

import { junk } from './junk.js';

/** A place in a file: from its start, from its end, or a share of its length. */
export interface Place {
  readonly from: 'start' | 'end' | 'share';
  readonly at: number;
}

/** A change of the bytes of a file. */
export type Edit =
  | { readonly what: 'bit'; readonly place: Place; readonly bit: number }
  | { readonly what: 'bytes'; readonly place: Place; readonly bytes: readonly number[] }
  | { readonly what: 'insert'; readonly place: Place; readonly bytes: readonly number[] }
  | { readonly what: 'cut'; readonly place: Place }
  | { readonly what: 'repeat'; readonly place: Place; readonly length: number; readonly times: number }
  | { readonly what: 'json'; readonly leaf: number; readonly value: unknown };

/** From 0 to 1, evenly: doubles would mostly be tiny. */
export const share: fc.Arbitrary<number> = fc.nat(9999).map((part) => part / 10_000);

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ from: fc.constant('start' as const), at: fc.nat(200) }),
  fc.record({ from: fc.constant('end' as const), at: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ from: fc.constant('share' as const), at: share }),
);

const littleEndian = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));

/** Numbers as binary formats hold them, at the edges of what programs count with. */
const words: fc.Arbitrary<readonly number[]> = fc
  .tuple(
    fc.constantFrom(
      0n,
      1n,
      -1n,
      255n,
      2n ** 31n - 1n,
      2n ** 31n,
      2n ** 32n - 1n,
      2n ** 40n,
      2n ** 63n - 1n,
      2n ** 63n,
    ),
    fc.constantFrom(1, 2, 4, 8),
  )
  .map(([value, bytes]) => littleEndian(BigInt.asUintN(64, value), bytes));
const floats = fc.constantFrom<readonly number[]>(
  [0, 0, 0xc0, 0x7f], // NaN
  [0, 0, 0x80, 0x7f], // infinity
  [0xff, 0xff, 0x7f, 0x7f], // the largest
);
const someBytes = fc.oneof(words, floats, fc.array(fc.nat(255), { minLength: 1, maxLength: 8 }));

/** Changes of any file; `json` ones change a value of a JSON file, or of the header of a safetensors file. */
export const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ what: fc.constant('bit' as const), place, bit: fc.nat(7) }),
  fc.record({ what: fc.constant('bytes' as const), place, bytes: someBytes }),
  fc.record({ what: fc.constant('insert' as const), place, bytes: someBytes }),
  fc.record({ what: fc.constant('cut' as const), place }),
  fc.record({
    what: fc.constant('repeat' as const),
    place,
    length: fc.integer({ min: 1, max: 64 }),
    times: fc.constantFrom(1, 10, 1000),
  }),
  fc.record({ what: fc.constant('json' as const), leaf: share, value: junk }),
);

/** The bytes after an edit. */
export function edited(bytes: Uint8Array, change: Edit): Uint8Array {
  if (change.what === 'json') return editedJson(bytes, change.leaf, change.value);
  const at = offsetOf(bytes, change.place);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (change.what) {
    case 'bit': {
      const copy = Uint8Array.from(bytes);
      if (at < copy.length) copy[at] ^= 1 << change.bit;
      return copy;
    }
    case 'bytes':
      return Buffer.concat([before, Uint8Array.from(change.bytes), after.subarray(change.bytes.length)]);
    case 'insert':
      return Buffer.concat([before, Uint8Array.from(change.bytes), after]);
    case 'cut':
      return Uint8Array.from(before);
    case 'repeat': {
      const part = after.subarray(0, change.length);
      return Buffer.concat([before, ...new Array<Uint8Array>(change.times).fill(part), after]);
    }
  }
}

function offsetOf({ length }: Uint8Array, { from, at }: Place): number {
  if (from === 'start') return Math.min(at, length);
  if (from === 'end') return Math.max(0, length - at);
  return Math.floor(at * length);
}

/** Replaces one leaf of the JSON that a file is, or begins with after its length as safetensors does. */
function editedJson(bytes: Uint8Array, leaf: number, value: unknown): Uint8Array {
  const buffer = Buffer.from(bytes);
  const whole = parsed(buffer.toString('utf8'));
  if (whole !== undefined) return Buffer.from(JSON.stringify(withLeaf(whole, leaf, value)));
  if (buffer.length < 8) return bytes;
  const length = Number(buffer.readBigUInt64LE(0));
  const header = length < buffer.length ? parsed(buffer.subarray(8, 8 + length).toString('utf8')) : undefined;
  if (header === undefined) return bytes;
  const text = Buffer.from(JSON.stringify(withLeaf(header, leaf, value)));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, buffer.subarray(8 + length)]);
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A copy with the leaf at that share of all leaves replaced; inner nodes count as leaves too. */
function withLeaf(root: unknown, share: number, value: unknown): unknown {
  const copy = structuredClone(root);
  const slots: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      slots.push([node as Record<string, unknown>, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const slot = slots[Math.floor(share * slots.length)];
  if (slot) slot[0][slot[1]] = value;
  return copy;
}
