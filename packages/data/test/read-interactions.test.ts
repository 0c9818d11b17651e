import { readFile, writeFile } from 'node:fs/promises';

import { describe, expect, test } from '@jest/globals';
import { Rng, Vocabulary } from '@towerkit/core';

import { dedupe, fingerprint, minimumRating, readInteractions, writeTable } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { randomArrays, rowsOf, sortedRows } from './random-log.js';

const folder = temporaryFolder();
const columns = { user: 'user', item: 'item', time: 'time', rating: 'rating' };

const csvOf = (arrays: ReturnType<typeof randomArrays>, delimiter = ',') =>
  ['user', 'item', 'time', 'rating'].join(delimiter) +
  '\n' +
  arrays.user
    .map((user, k) => [user, arrays.item[k], arrays.time[k], arrays.rating[k]].join(delimiter) + '\n')
    .join('');

describe('every format gives the same log', () => {
  const arrays = randomArrays(1);
  const expected = sortedRows(arrays);
  const jsonl = arrays.user
    .map((user, k) =>
      JSON.stringify({ user, item: arrays.item[k], time: arrays.time[k], rating: arrays.rating[k] }),
    )
    .join('\n');

  test.each([
    ['a.csv', csvOf(arrays)],
    ['crlf.csv', csvOf(arrays).replaceAll('\n', '\r\n')],
    ['bom.csv', `\ufeff${csvOf(arrays)}`],
    ['a.csv.gz', csvOf(arrays)],
    ['a.tsv', csvOf(arrays, '\t')],
    ['a.jsonl', jsonl],
    ['a.ndjson.gz', `${jsonl}\n`],
  ])('%s', async (name, content) => {
    const log = await readInteractions({ path: await folder.write(name, content), columns });
    expect(rowsOf(log)).toEqual(expected);
    expect(log.skipped).toBe(0);
    expect(log.users.names).toEqual([...new Set(arrays.user)]);
    expect(log.items.names).toEqual([...new Set(arrays.item)]);
  });

  test('parquet', async () => {
    const path = folder.path('a.parquet');
    await writeTable(path, { user: 'VARCHAR', item: 'VARCHAR', time: 'INTEGER', rating: 'FLOAT' }, [arrays]);
    expect(rowsOf(await readInteractions({ path, columns }))).toEqual(expected);
  });

  test('several files read as one', async () => {
    const half = (from: number, to: number) => ({
      user: arrays.user.slice(from, to),
      item: arrays.item.slice(from, to),
      time: arrays.time.slice(from, to),
      rating: arrays.rating.slice(from, to),
    });
    const paths = [
      await folder.write('z-first.csv', csvOf(half(0, 50))),
      await folder.write('a-second.csv', csvOf(half(50, 120))),
    ];
    expect(rowsOf(await readInteractions({ paths, columns }))).toEqual(expected);
  });
});

test('ids and order do not depend on threads, however many rows', async () => {
  const rng = new Rng(5);
  const lines = Array.from(
    { length: 150_000 },
    () => `{"user":"u${rng.integer(5000)}","item":"i${rng.integer(3000)}","time":${rng.integer(3)}}`,
  );
  const path = await folder.write('big.jsonl', lines.join('\n'));
  const csv = await folder.write(
    'big.csv',
    'user,item,time\n' + lines.map((line) => line.match(/[ui]\d+|\d+(?=})/g)!.join(',')).join('\n'),
  );
  const read = (path: string, threads: number) =>
    readInteractions({ path, threads, columns: { user: 'user', item: 'item', time: 'time' } });
  const prints = new Set<string>();
  for (const threads of [1, 4]) {
    prints.add(fingerprint(await read(path, threads)));
    prints.add(fingerprint(await read(csv, threads)));
  }
  expect(prints.size).toBe(1);
  const starved = { path: csv, memoryLimit: '2MB', columns: { user: 'user', item: 'item' } };
  await expect(readInteractions(starved)).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
});

describe('reading', () => {
  test('keeps ids as text and values exactly', async () => {
    const path = await folder.write(
      'ids.csv',
      'user,item,time\n0012,1e3,1700000000123.5\n12," x ",2020-01-01\n0012,true,2020-01-01T02:00:00+02:00\n',
    );
    const log = await readInteractions({ path, columns: { user: 'user', item: 'item', time: 'time' } });
    expect(log.users.names).toEqual(['0012', '12']);
    expect(log.items.names).toEqual(['1e3', ' x ', 'true']);
    expect([...log.time!]).toEqual([1577836800, 1700000000123.5, 1577836800]);
    expect([...log.item]).toEqual([2, 0, 1]);
  });

  test('takes any characters in paths and column names', async () => {
    const path = await folder.write(
      `o'dd [1]*? "name".csv`,
      `"us""er, x",it'em;DROP,"ra\nting",ra/t~e\na,b,3,4\n`,
    );
    await folder.write(`o'dd 1zz "name".csv`, 'wrong\n');
    const log = await readInteractions({
      path,
      columns: { user: 'us"er, x', item: `it'em;DROP`, rating: 'ra\nting', time: 'ra/t~e' },
    });
    expect(rowsOf(log)).toEqual([{ user: 'a', item: 'b', rating: 3, time: 4 }]);
    const json = await folder.write('keys.jsonl', `{"a/b~c'\\"":"x","0":"y","item":"z"}\n`);
    const other = await readInteractions({ path: json, columns: { user: `a/b~c'"`, item: '0' } });
    expect(rowsOf(other)).toEqual([{ user: 'x', item: 'y' }]);
  });

  test('reads text, and files without a header', async () => {
    const path = await folder.write('no-header.txt', 'a|b|"said ""hi""\nthere"\na|c|\n');
    const log = await readInteractions({
      path,
      format: 'csv',
      delimiter: '|',
      columnNames: ['who', 'what', 'says'],
      columns: { user: 'who', item: 'what', text: 'says' },
    });
    expect(log.text).toEqual(['said "hi"\nthere', '']);
  });

  test('reads latin-1', async () => {
    const path = await folder.write('latin.csv', Buffer.from('user,Größe\na,Café\n', 'latin1'));
    const log = await readInteractions({
      path,
      encoding: 'latin-1',
      columns: { user: 'user', item: 'Größe' },
    });
    expect(log.items.names).toEqual(['Café']);
  });

  test('fills empty values and cleans', async () => {
    const path = await folder.write('fill.csv', 'user,item,rating\n,x,5\n ,y,\nb,x,1\nb,x,5\nb,x,4\n');
    const log = await readInteractions({
      path,
      columns: { user: 'user', item: 'item', rating: 'rating' },
      whenEmpty: { user: 'anonymous', rating: 3 },
      clean: [minimumRating(3), dedupe('last')],
    });
    expect(rowsOf(log)).toEqual([
      { user: 'anonymous', item: 'x', rating: 5 },
      { user: 'anonymous', item: 'y', rating: 3 },
      { user: 'b', item: 'x', rating: 4 },
    ]);
    expect(log.removed).toEqual([
      { rule: 'minimumRating(3)', rows: 1 },
      { rule: 'dedupe(last)', rows: 1 },
    ]);
  });

  test('takes the item universe given, and appends what it lacks', async () => {
    const path = await folder.write('universe.csv', 'user,item\na,new\na,known\nb,newer\n');
    const log = await readInteractions({
      path,
      columns: { user: 'user', item: 'item' },
      items: new Vocabulary(['never', 'known']),
      clean: [dedupe()],
    });
    expect(log.items.names).toEqual(['never', 'known', 'new', 'newer']);
    expect([...log.item]).toEqual([2, 1, 3]);
  });

  test('reports progress up to the end', async () => {
    const path = await folder.write('progress.csv', csvOf(randomArrays(2)));
    const seen: number[] = [];
    await readInteractions({ path, columns, onProgress: ({ done }) => seen.push(done) });
    expect(seen.at(-1)).toBe(120);
  });
});

describe('sequences', () => {
  test('a line is a user with items oldest first', async () => {
    const text = '7 00 11 00\n\n8\t22 11\r\n9\n7 33\n';
    for (const name of ['s.txt', 's.txt.gz']) {
      const log = await readInteractions({ path: await folder.write(name, text) });
      expect(rowsOf(log).map(({ user, item }) => `${user}:${item}`)).toEqual([
        '7:00',
        '7:11',
        '7:00',
        '7:33',
        '8:22',
        '8:11',
      ]);
      expect(log.users.names).toEqual(['7', '8']);
    }
  });

  test('refuses what is not text, and files without a pair', async () => {
    const binary = await folder.write('binary.txt', Uint8Array.of(65, 32, 255, 254, 10));
    await expect(readInteractions({ path: binary })).rejects.toMatchObject({ code: 'BAD_FILE' });
    const lonely = await folder.write('lonely.txt', 'a\nb\n');
    await expect(readInteractions({ path: lonely })).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});

describe('files that cannot be read', () => {
  const read = (path: string) => readInteractions({ path, columns });

  test('missing, folder, unknown', async () => {
    await expect(read(folder.path('none.csv'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(read(folder.path())).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    await expect(readInteractions({ path: folder.path(), format: 'csv', columns })).rejects.toMatchObject({
      code: 'BAD_FILE',
    });
    await expect(read('x.xlsx')).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
    await expect(readInteractions({ columns })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    const some = await folder.write('some.csv', csvOf(randomArrays(3)));
    await expect(readInteractions({ path: some })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(readInteractions({ path: some, columns, memoryLimit: 'lots' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
    await expect(readInteractions({ path: some, columns, threads: 0 })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });

  test('gzip that is cut off, damaged or not gzip', async () => {
    const whole = await readFile(await folder.write('whole.csv.gz', csvOf(randomArrays(3, 5000))));
    const cut = folder.path('cut.csv.gz');
    await writeFile(cut, whole.subarray(0, whole.length >> 1));
    await expect(read(cut)).rejects.toMatchObject({ code: 'BAD_FILE' });
    const damaged = folder.path('damaged.csv.gz');
    await writeFile(
      damaged,
      whole.map((byte, k) => (k === whole.length - 6 ? byte ^ 1 : byte)),
    );
    await expect(read(damaged)).rejects.toMatchObject({ code: 'BAD_FILE' });
    const plain = folder.path('plain.csv.gz');
    await writeFile(plain, csvOf(randomArrays(3)));
    await expect(read(plain)).rejects.toMatchObject({ code: 'BAD_FILE' });
    const parquet = await folder.write('not.parquet', 'PAR1 nonsense');
    await expect(read(parquet)).rejects.toMatchObject({ code: 'BAD_FILE' });
  });

  test('no column, no rows', async () => {
    const csv = await folder.write('columns.csv', 'User,item,time,rating\na,b,1,2\n');
    await expect(read(csv)).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      message: 'columns.csv has no column "user"; it has "User", "item", "time", "rating"',
    });
    const json = await folder.write('columns.jsonl', '{"user":"a","item":"b"}\n{"user":"c","rating":1}\n');
    await expect(read(json)).rejects.toMatchObject({
      code: 'MISSING_COLUMN',
      message: 'columns.jsonl has no column "time"; it has "item", "rating", "user"',
    });
    const parquet = folder.path('columns.parquet');
    await writeTable(parquet, { who: 'VARCHAR' }, [{ who: ['a'] }]);
    await expect(read(parquet)).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
    for (const [name, content] of [
      ['header.csv', 'user,item,time,rating\n'],
      ['nothing.csv', ''],
      ['nothing.csv.gz', ''],
      ['nothing.jsonl', ''],
    ])
      await expect(read(await folder.write(name, content))).rejects.toMatchObject({ code: 'EMPTY_DATA' });
  });
});
