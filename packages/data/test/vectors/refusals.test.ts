import { describe, expect, test } from '@jest/globals';
import { encodeSafetensors, Vocabulary } from '@towerkit/core';

import { encodeVectors, expectedVector, matchRows, readVectors, writeParquet } from '../../src/index.js';
import { temporaryFolder } from '../files.js';
import { floatBytes, npy, npyOf, safetensorsOf } from './encode-files.js';

const folder = temporaryFolder();
const refused = (path: string, options: object, code: string, message: string | RegExp) =>
  expect(readVectors({ path, ...options })).rejects.toMatchObject({
    code,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

describe('npy', () => {
  const header = (descr: string, shape: string, order = 'False') =>
    `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
  test.each([
    ['whole numbers', header("'<i8'", '(1, 1)'), 8, /of type "<i8", not floats/],
    ['records', header("[('a', '<f4')]", '(1, 1)'), 4, /does not say type/],
    ['one dimension', header("'<f4'", '(2,)'), 8, /its shape is \(2,\)/],
    ['three dimensions', header("'<f4'", '(1, 1, 2)'), 8, /its shape is \(1, 1, 2\)/],
    ['fewer values than it says', header("'<f4'", '(3, 2)'), 8, /3 x 2 values take 24 bytes, but 8 follow/],
    ['sizes beyond all memory', header("'<f4'", '(2000000000, 2000000000)'), 8, /but 8 follow/],
  ])('%s: BAD_FILE', async (_, text, bytes, message) => {
    await refused(await folder.write('bad.npy', npyOf(text, new Uint8Array(bytes))), {}, 'BAD_FILE', message);
  });

  test('no rows, another version, another format, compressed', async () => {
    await refused(
      await folder.write('none.npy', npyOf(header("'<f4'", '(0, 4)'), new Uint8Array(0))),
      {},
      'EMPTY_DATA',
      /0 x 4/,
    );
    await refused(
      await folder.write('v9.npy', npyOf('{}', new Uint8Array(0), 9)),
      {},
      'BAD_FILE',
      /version 9/,
    );
    await refused(
      await folder.write('text.npy', 'hello, world'),
      {},
      'BAD_FILE',
      /not in the format of NumPy/,
    );
    await refused(await folder.write('a.npz', 'x'), {}, 'UNKNOWN_FORMAT', /cannot read vectors from/);
    await refused(folder.path('absent.npy'), {}, 'FILE_NOT_FOUND', /there is no file/);
  });

  test('what is not finite, with its row and whose it is', async () => {
    const path = await folder.write('nan.npy', npy([[1, 2], [3, NaN]])); // prettier-ignore
    await refused(path, {}, 'BAD_VALUE', 'nan.npy, row 2: component 2 is NaN');
    const ids = await folder.write('nan.txt', 'a\nb\n');
    await refused(path, { ids }, 'BAD_VALUE', 'nan.npy, row 2 ("b"): component 2 is NaN');
    const large = await folder.write(
      'large.npy',
      npyOf(header("'<f8'", '(1, 1)'), floatBytes([1e300], 'f8', true)),
    );
    await refused(large, {}, 'BAD_VALUE', 'large.npy, row 1: component 1 is Infinity');
  });
});

describe('ids', () => {
  test.each([
    ['twice.txt', 'a\nb\na\n', 'DUPLICATE_ID', 'twice.txt, line 3: the user "a" is on line 1 already'],
    ['blank.txt', 'a\n\nb\n', 'BAD_VALUE', 'blank.txt, line 2: "" is no id'],
    ['empty.txt', '', 'EMPTY_DATA', 'empty.txt has no id'],
    ['few.txt', 'a\nb\n', 'SHAPE_MISMATCH', 'three.npy has 3 rows, but 2 ids are given in few.txt'],
    ['twice.csv', 'id\na\nb\na\n', 'DUPLICATE_ID', 'twice.csv, line 4: the user "a" is on line 2 already'],
    ['other.csv', 'sku\na\n', 'MISSING_COLUMN', 'other.csv has no column "id"; it has "sku"'],
  ])('%s: %s', async (name, text, code, message) => {
    const path = await folder.write('three.npy', npy([[1], [2], [3]]));
    await refused(path, { ids: await folder.write(name, text), what: 'user' }, code, message);
  });

  test('in the metadata of safetensors', async () => {
    const v = { shape: [2, 1], data: Float32Array.of(1, 2) };
    const file = (ids: string) => folder.write('m.safetensors', encodeSafetensors({ v }, { ids }));
    await refused(await file('["a"]'), {}, 'SHAPE_MISMATCH', /has 2 rows, but 1 ids are given/);
    await refused(
      await file('["a", "a"]'),
      {},
      'DUPLICATE_ID',
      'm.safetensors, id 2: the item "a" is on id 1 already',
    );
    await refused(await file('["a", 3]'), {}, 'BAD_VALUE', 'm.safetensors, id 2: 3 is no id');
    await refused(await file('a, b'), {}, 'BAD_FILE', /`ids` that are no JSON/);
    await refused(await file('{"a": 1}'), {}, 'BAD_FILE', /`ids` that are no JSON array/);
  });
});

describe('which part of a file', () => {
  test('two matrices need a name, as do two columns of lists', async () => {
    const v = { shape: [1, 1], data: Float32Array.of(1) };
    const path = await folder.write('many.safetensors', encodeSafetensors({ v, w: v }));
    await refused(path, {}, 'MISSING_COLUMN', /has 2 matrices of floats: say which/);
    await refused(path, { tensor: 'x' }, 'MISSING_COLUMN', /has no matrix of floats "x"/);
    expect((await readVectors({ path, tensor: 'w' })).vectors.rows).toBe(1);
    const counts = safetensorsOf(
      { n: { dtype: 'I32', shape: [1, 1], data_offsets: [0, 4] } },
      new Uint8Array(4),
    );
    await refused(await folder.write('n.safetensors', counts), {}, 'MISSING_COLUMN', /has 0 matrices/);
    const table = folder.path('many.parquet');
    await writeParquet(table, {
      id: { type: 'VARCHAR', values: ['a'] },
      v: { type: 'FLOAT[]', values: [[1]] },
      w: { type: 'FLOAT[]', values: [[1]] },
    });
    await refused(table, {}, 'MISSING_COLUMN', /2 columns of lists of floats: say which/);
    await refused(table, { column: 'id' }, 'MISSING_COLUMN', /no column of lists of floats "id"/);
    await refused(table, { column: 'v', idColumn: 'sku' }, 'MISSING_COLUMN', /no column "sku"/);
  });

  test('options that do not go with a format', async () => {
    const path = await folder.write('one.npy', npy([[1]]));
    await refused(path, { tensor: 'v' }, 'BAD_OPTION', 'one.npy: `tensor` does not go with .npy');
    await refused(path, { column: 'v' }, 'BAD_OPTION', /`column`/);
    await refused(
      folder.path('x.parquet'),
      { ids: 'ids.txt' },
      'BAD_OPTION',
      /`ids` does not go with \.parquet/,
    );
  });
});

test('parquet: other widths, nulls within, ids that come twice or are missing', async () => {
  const write = async (ids: (string | null)[], values: (number[] | null)[]) => {
    const path = folder.path('bad.parquet');
    await writeParquet(path, { id: { type: 'VARCHAR', values: ids }, v: { type: 'FLOAT[]', values } });
    return path;
  };
  await refused(
    await write(['a', 'b', 'c'], [null, [1, 2], [1, 2, 3]]),
    {},
    'SHAPE_MISMATCH',
    'bad.parquet, row 3: column "v" has 3 values, the first has 2',
  );
  await refused(
    await write(['a', 'a'], [[1], [2]]),
    {},
    'DUPLICATE_ID',
    /row 2: the item "a" is on row 1 already/,
  );
  await refused(await write(['a', null], [[1], [2]]), {}, 'BAD_VALUE', /row 2: null is no id/);
  await refused(await write(['a'], [null]), {}, 'EMPTY_DATA', /0 x 0/);
  await refused(
    await write(['a'], [[1, null as never]]),
    {},
    'BAD_VALUE',
    /row 1: column "v" has a null in its list/,
  );
  await refused(await folder.write('no.parquet', 'PAR1 nothing'), {}, 'BAD_FILE', /not a whole Parquet file/);
});

test('rows are matched by id; nothing shared is an error with an example of each', () => {
  const names = new Vocabulary(['a', 'b', 'c']);
  const { rows, ...counts } = matchRows(names, new Vocabulary(['x', 'c', 'a', 'y']), 'item', 'v.npy');
  expect([...rows]).toEqual([2, -1, 1]);
  expect(counts).toEqual({ without: 1, unused: 2 });
  expect(() => matchRows(names, new Vocabulary(['1', '2']), 'user', 'v.npy')).toThrow(
    expect.objectContaining({
      code: 'NO_OVERLAP',
      message: 'v.npy has none of the 3 users of the interactions',
      hint: 'see that both use the same ids: interactions have "a", v.npy has "1"',
    }),
  );
});

test('vectors as inputs: of length 1 or as they are, zeros and a flag where there is none', () => {
  const encode = (normalize: boolean, missing: boolean) =>
    [
      ...encodeVectors([[3, 4], null, [0, 0]], { kind: 'vector', dimensions: 2, normalize, missing }).data,
    ].map((x) => +x.toFixed(6));
  expect(encode(true, false)).toEqual([0.6, 0.8, 0, 0, 0, 0]);
  expect(encode(false, true)).toEqual([3, 4, 0, 0, 0, 1, 0, 0, 0]);
  for (const value of [null, [1, 2], Float32Array.of(1, 2)])
    expect(expectedVector(value, { dimensions: 2 })).toBeUndefined();
  for (const value of [[1], [1, 2, 3], [1, '2'], [1, NaN], [1, 1e39], '1,2', { length: 2 }, 3, undefined])
    expect(expectedVector(value, { dimensions: 2 })).toBe('a list of 2 finite numbers');
});
