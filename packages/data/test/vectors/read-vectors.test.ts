import { describe, expect, test } from '@jest/globals';
import { encodeSafetensors, isTowerkitError } from '@towerkit/core';
import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';

import { readVectors, writeParquet } from '../../src/index.js';
import { temporaryFolder } from '../files.js';
import { floatBytes, halfValue, npy, npyOf, safetensorsOf, TYPES, type NumpyType } from './encode-files.js';

const folder = temporaryFolder();

const finite = { noNaN: true, noDefaultInfinity: true };
const VALUES: Record<NumpyType, fc.Arbitrary<number>> = {
  f2: fc.integer({ min: 0, max: 2 ** 16 - 1 }).map(halfValue),
  f4: fc.float(finite),
  f8: fc.float(finite), // what 32 bits hold: others are rounded, see below
};
/** A matrix of any shape with a type that holds its values. */
const matrices = fc
  .record({ rows: fc.integer({ min: 1, max: 7 }), columns: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, columns }) =>
    fc.constantFrom<NumpyType>('f2', 'f4', 'f8').chain((type) =>
      fc.record({
        type: fc.constant(type),
        rows: fc.array(fc.array(VALUES[type], { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      }),
    ),
  );
/** Floats of 32 bits; -0 and 0 are told apart. */
const asFloats = (rows: readonly (readonly number[])[]) => rows.map((row) => Array.from(row, Math.fround));
const read = async (path: string, options: object = {}) => {
  const { vectors, ids } = await readVectors({ path, ...options });
  return { rows: Array.from({ length: vectors.rows }, (_, row) => [...vectors.row(row)]), ids: ids?.names };
};

describe('what is written is read', () => {
  test('npy: any shape, type, byte order, memory order and version', async () => {
    const path = folder.path('any.npy');
    await fc.assert(
      fc.asyncProperty(
        matrices,
        fc.record({
          littleEndian: fc.boolean(),
          fortran: fc.boolean(),
          version: fc.constantFrom(1, 2, 3),
        }),
        async ({ rows, type }, options) => {
          await writeFile(path, npy(rows, { type, ...options }));
          expect((await read(path)).rows).toEqual(asFloats(rows));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('safetensors: any shape and type, beside other tensors', async () => {
    const path = folder.path('any.safetensors');
    await fc.assert(
      fc.asyncProperty(matrices, fc.boolean(), async ({ rows, type }, first) => {
        const own = floatBytes(rows.flat(), type, true);
        const other = new Uint8Array(24);
        const at = first ? [0, own.length] : [24, 24 + own.length];
        const header = {
          poster: { dtype: TYPES[type], shape: [rows.length, rows[0].length], data_offsets: at },
          counts: {
            dtype: 'I64',
            shape: [3, 1],
            data_offsets: first ? [own.length, own.length + 24] : [0, 24],
          },
        };
        await writeFile(path, safetensorsOf(header, Buffer.concat(first ? [own, other] : [other, own])));
        expect((await read(path)).rows).toEqual(asFloats(rows));
        expect((await read(path, { tensor: 'poster' })).rows).toEqual(asFloats(rows));
      }),
      { numRuns: 60 },
    );
  });

  test('bfloat16 is the upper half of 32 bits', async () => {
    const bytes = Uint8Array.of(0x80, 0x3f, 0x00, 0xc0, 0x01, 0x00, 0x80, 0x80);
    const header = { v: { dtype: 'BF16', shape: [2, 2], data_offsets: [0, 8] } };
    const path = await folder.write('b.safetensors', safetensorsOf(header, bytes));
    expect((await read(path)).rows).toEqual([
      [1, -2],
      [2 ** -133, -(2 ** -126)],
    ]);
  });

  test('parquet: lists of floats and doubles; a row without a list has no vector', async () => {
    const path = folder.path('any.parquet');
    await fc.assert(
      fc.asyncProperty(matrices, fc.constantFrom('FLOAT[]', 'DOUBLE[]' as const), async ({ rows }, type) => {
        await writeParquet(path, {
          id: { type: 'VARCHAR', values: [...rows.map((_, row) => `i${row}`), 'none'] },
          vector: { type: type as 'FLOAT[]', values: [...asFloats(rows), null] },
          title: { type: 'VARCHAR', values: [...rows.map(() => 'x'), 'y'] },
        });
        expect(await read(path)).toEqual({ rows: asFloats(rows), ids: rows.map((_, row) => `i${row}`) });
      }),
      { numRuns: 15 },
    );
  });

  test('ids: lines, columns of tables, metadata of safetensors', async () => {
    const path = await folder.write('two.npy', npy([[1], [2]]));
    const expected = { rows: [[1], [2]], ids: ['01', 'b c'] };
    for (const [name, text] of [
      ['lf.txt', '01\nb c\n'],
      ['crlf.txt', '\ufeff01\r\nb c'],
      ['ids.csv', 'id,title\n01,x\nb c,y\n'],
      ['ids.jsonl', '{"id":"01"}\n{"id":"b c"}\n'],
    ])
      expect(await read(path, { ids: await folder.write(name, text) })).toEqual(expected);
    const named = await folder.write('named.csv', 'sku\n01\nb c\n');
    expect(await read(path, { ids: named, idColumn: 'sku' })).toEqual(expected);
    const own = encodeSafetensors(
      { v: { shape: [2, 1], data: Float32Array.of(1, 2) } },
      { ids: JSON.stringify(expected.ids) },
    );
    expect(await read(await folder.write('own.safetensors', own))).toEqual(expected);
    expect((await read(path)).ids).toBeUndefined();
  });

  test('whole numbers in Parquet are ids as their text', async () => {
    const path = folder.path('numbers.parquet');
    await writeParquet(path, {
      movie: { type: 'INTEGER', values: [7, 12] },
      v: { type: 'FLOAT[]', values: [[1], [2]] },
    });
    expect((await read(path, { idColumn: 'movie', column: 'v' })).ids).toEqual(['7', '12']);
  });
});

describe('damage', () => {
  /** Every way that a file may end up; whatever comes of it has a code. */
  const survives = async (path: string, options: object = {}) => {
    try {
      const { vectors } = await readVectors({ path, ...options });
      expect(vectors.data.length).toBe(vectors.rows * vectors.cols);
    } catch (error) {
      if (!isTowerkitError(error)) throw error;
    }
  };
  const whole = {
    'x.npy': npy([
      [1, 2],
      [3, 4],
    ]),
    'x.safetensors': encodeSafetensors(
      { v: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) } },
      { ids: '["a","b"]' },
    ),
  };

  test.each(Object.entries(whole))('%s cut anywhere is refused', async (name, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      const path = await folder.write(name, bytes.subarray(0, length));
      await expect(readVectors({ path })).rejects.toMatchObject({ code: 'BAD_FILE' });
    }
    await expect(
      readVectors({ path: await folder.write(name, Buffer.concat([bytes, Buffer.alloc(1)])) }),
    ).rejects.toMatchObject({ code: 'BAD_FILE' });
  });

  test.each(Object.entries(whole))(
    '%s with any bytes changed: a matrix, or an error with a code',
    async (name, bytes) => {
      const path = folder.path(`changed-${name}`);
      const edit = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }));
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, byte] of edits) changed[at] = byte;
          await writeFile(path, changed);
          await survives(path);
        }),
        { numRuns: 400 },
      );
    },
  );

  test('any text as a header', async () => {
    const path = folder.path('text.npy');
    const part = fc.constantFrom(
      ...[
        "'descr': ",
        "'shape': ",
        "'fortran_order': ",
        "'<f4'",
        "'>f8'",
        "'|O'",
        "[('a', '<f4')]",
        '(2, 2)',
        '(99999999999, 99999999999)',
      ],
      ...['(2,)', '(0, 4)', '(-1, 2)', '(1e3, 2)', 'False', 'True', '{', '}', ', ', 'None'],
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 9 }),
        fc.integer({ min: 0, max: 40 }),
        async (parts, size) => {
          await writeFile(path, npyOf(parts.join(''), new Uint8Array(size)));
          await survives(path);
        },
      ),
      { numRuns: 300 },
    );
  });
});
