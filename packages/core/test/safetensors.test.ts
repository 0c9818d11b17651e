import { describe, expect, test } from '@jest/globals';

import {
  decodeSafetensors,
  encodeSafetensors,
  isTowerkitError,
  Rng,
  type StoredTensor,
} from '../src/index.js';

const refusal = (code: string) => expect.objectContaining({ code });

/** A file made by hand: header length, header, values. */
function file(header: unknown, values: Uint8Array = new Uint8Array(0), length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(values, 8 + json.length);
  return bytes;
}

const headerOf = (bytes: Uint8Array) => {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  return { length, text: new TextDecoder().decode(bytes.subarray(8, 8 + length)) };
};

describe('safetensors', () => {
  const tensors: Record<string, StoredTensor> = {
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 255) },
    'a/weight': { shape: [2, 2], data: Float32Array.of(0.5, -1, NaN, Infinity) },
    ids: { shape: [2, 1], data: Int32Array.of(-1, 2 ** 31 - 1) },
    scalar: { shape: [], data: Float32Array.of(7) },
    'nothing é "\n"': { shape: [0, 4], data: new Float32Array(0) },
    '10': { shape: [1], data: Float32Array.of(10) },
  };

  test('what is encoded is decoded, metadata too', () => {
    const decoded = decodeSafetensors(encodeSafetensors(tensors, { kind: 'gru', text: 'ü' }));
    expect({ ...decoded.tensors }).toEqual(tensors);
    expect(decoded.metadata).toEqual({ kind: 'gru', text: 'ü' });
    expect(decodeSafetensors(encodeSafetensors({})).metadata).toEqual({});
  });

  test('a Buffer, a view into a larger array and a view of its own values all decode', () => {
    const bytes = encodeSafetensors(tensors);
    const larger = new Uint8Array(bytes.length + 11).fill(9);
    larger.set(bytes, 5);
    for (const form of [Buffer.from(bytes), larger.subarray(5, 5 + bytes.length)])
      expect({ ...decodeSafetensors(form).tensors }).toEqual(tensors);
    const data = new Float32Array([1, 2, 3, 4]).subarray(1, 3);
    expect([
      ...decodeSafetensors(encodeSafetensors({ data: { shape: [2], data } })).tensors.data.data,
    ]).toEqual([2, 3]);
  });

  test('decoded tensors are copies', () => {
    const bytes = encodeSafetensors({ a: { shape: [1], data: Uint8Array.of(1) } });
    const { tensors: decoded } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(decoded.a.data[0]).toBe(1);
  });

  test('the layout is that of the format, byte by byte', () => {
    const bytes = encodeSafetensors({ w: { shape: [1, 2], data: Float32Array.of(1, -2) } });
    const json = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';
    expect(json.length % 8).toBe(0);
    expect([...bytes]).toEqual([
      ...[json.length, 0, 0, 0, 0, 0, 0, 0],
      ...new TextEncoder().encode(json),
      ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
    ]);
  });

  test('the header is padded to 8 bytes, and 4-byte values come before bytes, so all are aligned', () => {
    const bytes = encodeSafetensors(tensors);
    const { length, text } = headerOf(bytes);
    expect(length % 8).toBe(0);
    const { data_offsets: last } = JSON.parse(text).bytes;
    expect(last[1]).toBe(bytes.length - 8 - length);
    for (const name of ['a/weight', 'ids', 'scalar', '10'])
      expect(JSON.parse(text)[name].data_offsets[0] % 4).toBe(0);
  });

  test('reads a file made elsewhere: tensors out of order, header padded with spaces', () => {
    const header =
      '{"b":{"dtype":"I32","shape":[1],"data_offsets":[4,8]},"__metadata__":{"format":"pt"},' +
      '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   ';
    const decoded = decodeSafetensors(file(header, Uint8Array.of(0, 0, 0x80, 0x3f, 0xfe, 0xff, 0xff, 0xff)));
    expect([...decoded.tensors.a.data]).toEqual([1]);
    expect([...decoded.tensors.b.data]).toEqual([-2]);
    expect(decoded.metadata).toEqual({ format: 'pt' });
  });

  test('a tensor may have any name but the format’s own', () => {
    const odd: Record<string, StoredTensor> = Object.create(null);
    for (const name of ['__proto__', 'constructor', 'toString', ''])
      odd[name] = { shape: [1], data: Uint8Array.of(name.length) };
    const { tensors: decoded } = decodeSafetensors(encodeSafetensors(odd));
    expect(Object.keys(decoded)).toEqual(Object.keys(odd));
    expect(decoded['__proto__'].data[0]).toBe(9);
    expect(({} as Record<string, unknown>).shape).toBeUndefined();
    expect(() => encodeSafetensors({ __metadata__: { shape: [0], data: new Uint8Array(0) } })).toThrow(
      refusal('BAD_TENSOR'),
    );
  });

  test.each<[string, StoredTensor, string]>([
    ['a shape too large', { shape: [2], data: new Float32Array(1) }, 'SHAPE_MISMATCH'],
    ['negative sizes', { shape: [-1, -2], data: new Float32Array(2) }, 'SHAPE_MISMATCH'],
    ['float64 values', { shape: [1], data: new Float64Array(1) as never }, 'BAD_TENSOR'],
    ['a plain array', { shape: [1], data: [1] as never }, 'BAD_TENSOR'],
  ])('does not encode %s', (_, tensor, code) => {
    expect(() => encodeSafetensors({ tensor })).toThrow(refusal(code));
  });
});

describe('a file that is not whole', () => {
  const four = new Uint8Array(4);
  const f32 = (from: number, to: number, shape: unknown = [(to - from) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [from, to],
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['half a length', new Uint8Array(7)],
    ['a header of no bytes', new Uint8Array(8)],
    ['a huge header', file('{}', four, 2n ** 63n)],
    ['a header just above the limit', file('{}', four, 100_000_001n)],
    ['a header longer than the file', file('{}', four, 7n)],
    ['a header cut short', file('{"a":', four)],
    ['no JSON', file('hello')],
    ['bytes that are no UTF-8', file('{"\u0000\u0000"}').map((byte) => byte || 0xff)],
    ['a list', file('[]')],
    ['a space before the header', file(' {}')],
    ['an entry that is nothing', file({ a: null })],
    ['an entry that is a list', file({ a: [] })],
    ['an entry that is a number', file({ a: 3 })],
    ['an unknown type', file({ a: { ...f32(0, 4), dtype: 'F64' } }, four)],
    ['a type of Object.prototype', file({ a: { ...f32(0, 4), dtype: 'toString' } }, four)],
    ['a type that is an object', file({ a: { ...f32(0, 4), dtype: { toString: 1 } } }, four)],
    ['no shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, four)],
    ['a shape that does not fit', file({ a: f32(0, 4, [2]) }, four)],
    ['a negative size', file({ a: f32(0, 4, [-1, -1]) }, four)],
    ['half a size', file({ a: f32(0, 4, [0.5, 2]) }, four)],
    ['sizes beyond all numbers', file({ a: f32(0, 4, new Array(40).fill(2 ** 40)) }, four)],
    ['no offsets', file({ a: { dtype: 'F32', shape: [1] } }, four)],
    ['three offsets', file({ a: { ...f32(0, 4), data_offsets: [0, 4, 4] } }, four)],
    ['offsets that go back', file({ a: { ...f32(0, 4), data_offsets: [4, 0] } }, four)],
    ['a negative offset', file({ a: { ...f32(0, 4), data_offsets: [-4, 0] } }, four)],
    ['values past the end', file({ a: f32(0, 8) }, four)],
    ['values that begin past the end', file({ a: f32(0, 4), b: f32(400, 404) }, four)],
    ['two tensors in one place', file({ a: f32(0, 4), b: f32(0, 4) }, four)],
    ['overlapping tensors', file({ a: f32(0, 8), b: f32(4, 12) }, new Uint8Array(12))],
    ['a gap between tensors', file({ a: f32(0, 4), b: f32(8, 12) }, new Uint8Array(12))],
    ['a rest that belongs to nobody', file({ a: f32(0, 4) }, new Uint8Array(5))],
    [
      'a name that stands twice',
      file(`{"a":${JSON.stringify(f32(0, 4))},"a":${JSON.stringify(f32(4, 8))}}`, new Uint8Array(8)),
    ],
    ['metadata that is no text', file({ __metadata__: { epoch: 3 } })],
    ['metadata that is a list', file({ __metadata__: ['a'] })],
    ['metadata that is nothing', file({ __metadata__: null })],
  ])('%s: BAD_SAFETENSORS', (_, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(refusal('BAD_SAFETENSORS'));
  });

  const whole = encodeSafetensors(
    {
      'item.table': { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      ids: { shape: [3], data: Int32Array.of(1, 2, 3) },
      flags: { shape: [3], data: Uint8Array.of(1, 0, 1) },
    },
    { kind: 'test' },
  );

  test('cut anywhere: BAD_SAFETENSORS', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeSafetensors(whole.subarray(0, length))).toThrow(refusal('BAD_SAFETENSORS'));
  });

  test('corrupted anyhow: BAD_SAFETENSORS or tensors that fit their shapes, never anything else', () => {
    const rng = new Rng(1);
    const { length } = headerOf(whole);
    let refused = 0;
    for (let round = 0; round < 5000; round++) {
      const bytes = whole.slice();
      for (let n = rng.integer(4); n >= 0; n--) {
        const at = rng.integer(rng.integer(4) === 0 ? whole.length : 8 + length);
        bytes[at] = rng.integer(2) ? rng.integer(256) : '0123456789[]{},:"- '.charCodeAt(rng.integer(19));
      }
      try {
        for (const { shape, data } of Object.values(decodeSafetensors(bytes).tensors))
          expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
      } catch (error) {
        if (!isTowerkitError(error, 'BAD_SAFETENSORS')) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(2500);
    expect(refused).toBeLessThan(5000);
  });

  test('any JSON as a header: BAD_SAFETENSORS or nothing amiss', () => {
    const rng = new Rng(2);
    const words = ['dtype', 'shape', 'data_offsets', '__metadata__', '__proto__', 'F32', 'U8', 'length', ''];
    const value = (depth: number): unknown => {
      const kind = rng.integer(depth > 3 ? 4 : 7);
      if (kind === 0) return [null, true, -1, 0, 4, 1e300, 0.5][rng.integer(7)];
      if (kind === 1) return rng.integer(9);
      if (kind < 4) return words[rng.integer(words.length)];
      if (kind === 4) return Array.from({ length: rng.integer(4) }, () => value(depth + 1));
      const entry: Record<string, unknown> = Object.create(null);
      for (let n = rng.integer(5); n > 0; n--) entry[words[rng.integer(words.length)]] = value(depth + 1);
      return entry;
    };
    for (let round = 0; round < 5000; round++) {
      const tensor = { dtype: value(3), shape: value(2), data_offsets: value(2) };
      const header = rng.integer(2) ? value(0) : { a: rng.integer(2) ? { ...f32(0, 4), ...tensor } : tensor };
      try {
        decodeSafetensors(file(header, new Uint8Array(rng.integer(9))));
      } catch (error) {
        if (!isTowerkitError(error, 'BAD_SAFETENSORS')) throw error;
      }
    }
  });
});
