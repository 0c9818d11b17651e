import { readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';

import { describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';

import { readCatalog, readInteractions, readTable, readTargets } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { rowsOf } from './random-log.js';

const folder = temporaryFolder();
const columns = { user: 'user', item: 'item', time: 'time' };
const expected = [
  { user: 'a', item: 'x', time: 1 },
  { user: 'a', item: 'y', time: 2 },
  { user: 'b', item: 'x', time: 3 },
];

const records = ['user,item,time', 'a,x,1', 'a,y,2', 'b,x,3'];
const objects = [
  '{"user":"a","item":"x","time":1}',
  '{"user":"a","item":"y","time":2}',
  '{"user":"b","item":"x","time":3}',
];
const histories = ['a x y', 'b x'];
/** Lines with ends of the kinds given, in turn. */
const withEnds = (lines: readonly string[], ...ends: string[]) =>
  lines.map((line, i) => line + ends[Math.min(i, ends.length - 1)]).join('');

const ENDS: [name: string, ...ends: string[]][] = [
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['CR', '\r'],
  ['a header with CRLF', '\r\n', '\n'],
  ['a header with LF', '\n', '\r\n'],
  ['all three', '\r', '\r\n', '\n'],
  ['CR before CRLF', '\r', '\r\n'],
];

describe('line ends', () => {
  test.each(ENDS)('%s', async (_, ...ends) => {
    for (const mark of ['', '\ufeff']) {
      const csv = await folder.write('ends.csv', mark + withEnds(records, ...ends));
      expect(rowsOf(await readInteractions({ path: csv, columns }))).toEqual(expected);
      const gzip = await folder.write('ends.csv.gz', mark + withEnds(records, ...ends));
      expect(rowsOf(await readInteractions({ path: gzip, columns }))).toEqual(expected);
      const json = await folder.write('ends.jsonl', mark + withEnds(objects, ...ends));
      expect(rowsOf(await readInteractions({ path: json, columns }))).toEqual(expected);
      const text = await folder.write('ends.txt', mark + withEnds(histories, ...ends));
      const { users, items, item } = await readInteractions({ path: text });
      expect([users.names, items.names, [...item]]).toEqual([
        ['a', 'b'],
        ['x', 'y'],
        [0, 1, 0],
      ]);
      const catalog = await folder.write('items.csv', mark + withEnds(['id,kind', 'x,01', 'y,02'], ...ends));
      const { table } = await readCatalog({ path: catalog, columns: { id: 'id', kind: 'kind' } });
      expect(table.array('kind')).toEqual(['01', '02']);
      expect((await readTable(catalog)).columns.kind).toEqual(['01', '02']);
      const known = { users: new Vocabulary(['b']), items: new Vocabulary(['x']) };
      expect([...(await readTargets({ path: csv, columns, ...known })).user]).toEqual([-1, -1, 0]);
    }
  });

  test('inside quotes are text, and the line of a bad row is the file’s own', async () => {
    const path = await folder.write('quoted.csv', 'user,item,time\r\n"a","x\r\ny\rz",1\nb,x,2\rc,x,soon\r\n');
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'quoted.csv, line 6: column "time": "soon" is neither a number nor a date',
    });
    const { items } = await readInteractions({ path, columns, onBadRow: 'skip' });
    expect(items.names).toEqual(['x\r\ny\rz', 'x']);
    const json = await folder.write('line.jsonl', `${objects[0]}\r${objects[1]}\r\n{"user":\n${objects[2]}`);
    await expect(readInteractions({ path: json, columns })).rejects.toMatchObject({
      message: 'line.jsonl, line 3: it is not a JSON object',
    });
  });

  test('that fall on the end of a chunk', async () => {
    const long = 'x'.repeat((1 << 18) - 2);
    const path = await folder.write('chunk.txt', `a ${'y '.repeat(10)}${long.slice(24)}\r\nb y\r`);
    await expect(readInteractions({ path })).rejects.toMatchObject({ code: 'BAD_ROW', details: { line: 1 } });
    const { users } = await readInteractions({ path, onBadRow: 'skip' });
    expect(users.names).toEqual(['b']);
    const filler = Array.from({ length: 60_000 }, (_, i) => `u${i},item,1`);
    const csv = await folder.write(
      'long.csv',
      ['user,item,time', ...filler].join('\r\n') + '\nlast,item,x\r',
    );
    await expect(readInteractions({ path: csv, columns })).rejects.toMatchObject({
      details: { line: 60_002 },
    });
  });

  test('a copy that was made for them goes away', async () => {
    const copies = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('towerkit-text-'));
    const before = await copies();
    const path = await folder.write('mixed.csv', withEnds(records, '\r', '\n'));
    await readInteractions({ path, columns });
    await expect(readInteractions({ path, columns: { user: 'user', item: 'none' } })).rejects.toThrow();
    expect(await copies()).toEqual(before);
  });
});

describe('quotes', () => {
  const rows = Array.from({ length: 50 }, (_, i) => `u${i % 5},i${i % 7},${i}`);
  const withLine = (line: number, text: string) =>
    ['user,item,time', ...rows].with(line - 1, text).join('\n');

  test('one that never closes stops the reading, whatever is done with bad rows', async () => {
    const path = await folder.write('open.csv', withLine(12, 'u1,"i7,5'));
    for (const onBadRow of ['error', 'skip'] as const)
      await expect(readInteractions({ path, columns, onBadRow })).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: expect.stringMatching(
          /^open\.csv, line 12: a quote opens and does not close .* spans 40 lines$/,
        ),
        details: { line: 12, lines: 40 },
      });
    const catalog = { path, columns: { id: 'user', item: 'item' }, onBadRow: 'skip' } as const;
    await expect(readCatalog(catalog)).rejects.toMatchObject({ code: 'BAD_ROW' });
    await expect(readTable(path)).rejects.toMatchObject({ code: 'BAD_ROW' });
    const { skipped } = await readInteractions({ path, columns, quote: '' });
    expect(skipped).toBe(0);
  });

  test('one that closes late says how many lines it takes along', async () => {
    const text = withLine(12, 'u1,"i7,5').split('\n').with(39, 'u1,"i43",5').join('\n');
    const path = await folder.write('late.csv', text);
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      message:
        'late.csv, line 12, a record of 29 lines to line 40: column "item": a quoted value does not end where it should',
    });
    const log = await readInteractions({ path, columns, onBadRow: 'skip' });
    expect([log.skipped, log.spanned, log.user.length]).toEqual([
      1,
      { file: 'late.csv', line: 12, lines: 29 },
      21,
    ]);
  });

  test('a row that fits the format but not the columns says so, too', async () => {
    const path = await folder.write('fits.csv', `user,item,time\na,x,1\na,"${'y\n'.repeat(300)}",2\n`);
    const log = await readInteractions({ path, columns, onBadRow: 'skip' });
    expect(log.spanned).toEqual({ file: 'fits.csv', line: 3, lines: 301 });
  });

  test('in the middle of a value mean nothing', async () => {
    const path = await folder.write('bare.csv', 'user,item,time\na,5" disk,1\nb,"6"" disk",2\n');
    expect((await readInteractions({ path, columns })).items.names).toEqual(['5" disk', '6" disk']);
  });
});

describe('what is no text', () => {
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  test.each<[string, Uint8Array, RegExp]>([
    ['UTF-16 with a mark', utf16('\ufeffuser,item,time\na,x,1\n'), /UTF-16/],
    ['UTF-16 without', utf16('user,item,time\na,x,1\n'), /NUL bytes/],
    ['a workbook', Buffer.from('PK\x03\x04 and so on'), /ZIP archive/],
    ['Parquet', Buffer.from('PAR1 and so on'), /Parquet/],
    ['binary', Uint8Array.of(1, 2, 0, 3, 10, 0), /NUL bytes/],
  ])('%s', async (_, bytes, message) => {
    for (const name of ['no.csv', 'no.csv.gz', 'no.jsonl', 'no.txt'])
      await expect(
        readInteractions({ path: await folder.write(name, bytes), columns }),
      ).rejects.toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringMatching(message),
      });
  });

  test('gzip under the name of plain text is read all the same', async () => {
    const path = await folder.write('plain.csv.gz', withEnds(records, '\n'));
    const link = folder.path('plain.csv');
    await symlink(path, link);
    expect(rowsOf(await readInteractions({ path: link, columns }))).toEqual(expected);
  });

  test('a device is refused before it is opened', async () => {
    for (const path of ['/dev/zero', '/dev/null'])
      await expect(readInteractions({ path, format: 'csv', columns })).rejects.toMatchObject({
        code: 'BAD_FILE',
        message: expect.stringContaining('not a regular file'),
      });
  });

  test('NUL characters, lone surrogates and bytes that are no UTF-8 make bad rows', async () => {
    const many = 'b,y,2\n'.repeat(300); // NUL among the first bytes would mean that the file is no text at all
    const csv = await folder.write('nul.csv', `user,item,time\n${many}a,x\0,1\n`);
    await expect(readInteractions({ path: csv, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'nul.csv, line 302: column "item": "x\\u0000" holds a NUL character',
    });
    for (const user of ['"\\ud800"', '"a\\u0000"']) {
      const json = await folder.write('bad.jsonl', `${objects[0]}\n{"user":${user},"item":"x","time":1}\n`);
      await expect(readInteractions({ path: json, columns })).rejects.toMatchObject({ details: { line: 2 } });
      expect((await readInteractions({ path: json, columns, onBadRow: 'skip' })).skipped).toBe(1);
    }
    const bytes = Buffer.concat([Buffer.from('a x\r'), Uint8Array.of(98, 32, 0xff)]);
    await expect(readInteractions({ path: await folder.write('bad.txt', bytes) })).rejects.toMatchObject({
      code: 'BAD_FILE',
      message: expect.stringContaining('line 2 is not UTF-8'),
    });
  });
});

describe('sizes', () => {
  test('an id of more than 512 characters is a bad row, and its message stays short', async () => {
    const path = await folder.write(
      'id.csv',
      `user,item,time\na,x,1\nb,${'x'.repeat(1e6)},2\nc,${'y'.repeat(512)},3\n`,
    );
    const error = await readInteractions({ path, columns }).catch((caught: Error) => caught);
    expect(error).toMatchObject({ code: 'BAD_ROW', details: { line: 3 } });
    expect((error as Error).message.length).toBeLessThan(200);
    expect((await readInteractions({ path, columns, onBadRow: 'skip' })).users.names).toEqual(['a', 'c']);
  });

  test('a record of more than 2 MB, quoted or not, stops the reading', async () => {
    for (const value of ['x'.repeat(3e6), `"${'x\n'.repeat(2e6)}"`]) {
      const path = await folder.write('huge.csv', `user,item,time\na,${value},1\nb,x,2\n`);
      await expect(readInteractions({ path, columns, onBadRow: 'skip' })).rejects.toMatchObject({
        code: 'BAD_ROW',
        message: expect.stringMatching(/^huge\.csv, line 2: the record is longer than 2,000,000 bytes/),
      });
    }
    for (const name of ['huge.jsonl', 'huge.txt']) {
      const path = await folder.write(name, `${'x'.repeat(17e6)}\n`);
      await expect(readInteractions({ path, columns })).rejects.toMatchObject({
        code: 'BAD_ROW',
        details: { line: 1 },
      });
    }
  });
});

describe('columns of one name', () => {
  test('are refused by name', async () => {
    const csv = await folder.write('twice.csv', 'user,item,time,item\na,x,1,y\n');
    const refused = { code: 'DUPLICATE_COLUMN', message: 'twice.csv has the column "item" twice' };
    await expect(readInteractions({ path: csv, columns })).rejects.toMatchObject(refused);
    await expect(readTable(csv)).rejects.toMatchObject(refused);
    const headless = {
      path: csv,
      columnNames: ['user', 'item', 'item'],
      columns: { user: 'user', item: 'item' },
    };
    await expect(readInteractions(headless)).rejects.toMatchObject(refused);
    const unnamed = await folder.write('unnamed.csv', 'user,item,time,,\na,x,1,,\n');
    expect((await readInteractions({ path: unnamed, columns })).user.length).toBe(1);
  });

  test('a key twice in a line makes a bad row', async () => {
    const path = await folder.write(
      'keys.jsonl',
      `${objects[0]}\n{"user":"b","item":"x","time":1,"item":"y"}\n`,
    );
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'keys.jsonl, line 2: the key "item" stands twice',
    });
    expect((await readInteractions({ path, columns, onBadRow: 'skip' })).skipped).toBe(1);
  });
});

test('a last line without an end keeps its place', async () => {
  // DuckDB's threads may hand over such a line before the others: rarely, so it is tried often.
  const lines = Array.from({ length: 4 }, (_, i) => `{"id":"n${i}","kind":${i}.0}`);
  const path = await folder.write('order.jsonl', lines.join('\n'));
  for (let round = 0; round < 40; round++) {
    const { items } = await readCatalog({
      path,
      columns: { id: 'id', kind: 'kind' },
      types: { kind: 'text' },
    });
    expect(items.names).toEqual(['n0', 'n1', 'n2', 'n3']);
  }
});
