import { readdir } from 'node:fs/promises';
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
