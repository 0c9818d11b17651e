import { symlink } from 'node:fs/promises';

import { describe, expect, test } from '@jest/globals';

import { readCatalog, readInteractions, readTable } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { rowsOf } from './random-log.js';

const folder = temporaryFolder();
const columns = { user: 'user', item: 'item', time: 'time' };
const object = '{"user":"a","item":"x","time":1}';

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
    const path = await folder.write('plain.csv.gz', 'user,item,time\na,x,1\n');
    const link = folder.path('plain.csv');
    await symlink(path, link);
    expect(rowsOf(await readInteractions({ path: link, columns }))).toEqual([
      { user: 'a', item: 'x', time: 1 },
    ]);
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
      const json = await folder.write('bad.jsonl', `${object}\n{"user":${user},"item":"x","time":1}\n`);
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
    const path = await folder.write('keys.jsonl', `${object}\n{"user":"b","item":"x","time":1,"item":"y"}\n`);
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'keys.jsonl, line 2: the key "item" stands twice',
    });
    expect((await readInteractions({ path, columns, onBadRow: 'skip' })).skipped).toBe(1);
  });
});
