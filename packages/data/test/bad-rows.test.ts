import { describe, expect, test } from '@jest/globals';
import type { TowerkitError } from '@towerkit/core';

import { readInteractions, writeTable } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { user: 'u', item: 'i', time: 't', rating: 'r' };
const header = 'u,i,t,r\n';
const good = 'a,b,1,2\n';

const cases: [name: string, content: string, message: string, skipped: number][] = [
  ['few.csv', header + good + 'a,b,1\n' + good, 'line 3: column "r": expected 4 columns, found 3', 1],
  ['many.csv', header + good + '\n' + 'a,b,1,2,3\n' + good, 'line 4: expected 4 columns, found 5', 1],
  ['surplus.csv', header + 'a,b,1,2,,\n' + good + 'a,b,1,2,,3\n', 'line 4: expected 4 columns, found 5', 1],
  ['quoted-surplus.csv', header + good + 'a,b,1,2,""\n', 'line 3: expected 4 columns, found 5', 1],
  ['number.csv', header + good + 'a,b,1,good\n', 'line 3: column "r": "good" is not a number', 1],
  ['nan.csv', header + 'a,b,1,nan\n' + good, 'line 2: column "r": "nan" is not a number', 1],
  ['infinite.csv', header + 'a,b,1,1e999\n' + good, 'line 2: column "r": "1e999" is not a number', 1],
  ['blank.csv', header + good + 'a,b,1,\n', 'line 3: column "r": is empty', 1],
  [
    'date.csv',
    header + 'a,b,tuesday,1\n' + good,
    'line 2: column "t": "tuesday" is neither a number nor a date',
    1,
  ],
  ['user.csv', header + good + ',b,1,2\n', 'line 3: column "u": is empty', 1],
  ['quoted.csv', header + good + '"","b",1,2\n', 'line 3: column "u": is empty', 1],
  ['item.csv.gz', header + good + 'a,  ,1,2\n', 'line 3: column "i": is empty', 1],
  [
    'quote.csv',
    header + good + 'a,"b"c,1,2\n' + good,
    'line 3: column "i": a quoted value does not end where it should',
    1,
  ],
  // A quoted value over two lines, an empty line and two broken rows before it: the line is still the file's own.
  [
    'lines.csv',
    header + 'a,"b\n\nb",1,2\n\n' + good + 'a,b,x,2\na,b\n',
    'line 7: column "t": "x" is neither a number nor a date',
    2,
  ],
  [
    'order.csv',
    header + 'a,"b\nb",1,2\na,b\n' + 'a,b,x,2\n' + good,
    'line 4: column "t": expected 4 columns, found 2',
    2,
  ],
  [
    'crlf.csv',
    (header + good + '\n' + good + 'a,b,1,x\n').replaceAll('\n', '\r\n'),
    'line 5: column "r": "x" is not a number',
    1,
  ],
  ['json.jsonl', '{"u":"a","i":"b","t":1,"r":2}\n\n{"u":"a","i":\n', 'line 3: it is not a JSON object', 1],
  ['array.jsonl', '[1]\n{"u":"a","i":"b","t":1,"r":2}\n', 'line 1: it is not a JSON object', 1],
  [
    'null.jsonl.gz',
    '{"u":"a","i":"b","t":1,"r":2}\n{"u":null,"i":"b","t":1,"r":2}\n',
    'line 2: column "u": is empty',
    1,
  ],
  [
    'string.jsonl',
    '{"u":"a","i":"b","t":1,"r":2}\n{"u":"a","i":"b","t":1,"r":"x:y"}\n',
    'line 2: column "r": "x:y" is not a number',
    1,
  ],
];

describe('a bad row', () => {
  test.each(cases)('%s', async (name, content, message, skipped) => {
    const path = await folder.write(name, content);
    const error = (await readInteractions({ path, columns }).catch((caught) => caught)) as TowerkitError;
    expect(error).toMatchObject({ code: 'BAD_ROW', message: `${name}, ${message}` });
    expect(error.details).toMatchObject({ line: Number(/line (\d+)/.exec(message)![1]) });
    const log = await readInteractions({ path, columns, onBadRow: 'skip' });
    expect(log.skipped).toBe(skipped);
    expect(log.user.length).toBeGreaterThan(0);
    expect(log.users.names).toEqual(['a']);
  });

  test('is none that ends in empty values behind the last column, whatever the line end', async () => {
    const rows = ['a,b,1,2,', 'a,b,2,2', 'a,c,3,2,,,'];
    for (const end of ['\n', '\r\n', '\r', '']) {
      const text = header.trim() + (end || '\n') + rows.join(end || '\n') + end;
      const path = await folder.write('trailing.csv', text);
      const { items, item, rating } = await readInteractions({ path, columns });
      expect([items.names, [...item], [...rating!]]).toEqual([
        ['b', 'c'],
        [0, 0, 1],
        [2, 2, 2],
      ]);
    }
  });

  test('text that is not UTF-8', async () => {
    const bytes = Buffer.from(header + good + 'a,b#,1,2\n' + good);
    bytes[bytes.indexOf('#')] = 0xff;
    const path = await folder.write('encoding.csv', bytes);
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: expect.stringMatching(/^encoding\.csv, line 3: .*it is not valid UTF-8/),
    });
    expect((await readInteractions({ path, columns, onBadRow: 'skip' })).skipped).toBe(1);
  });

  test('in Parquet is named by its row, in the second file by that file', async () => {
    const path = folder.path('bad.parquet');
    await writeTable(path, { u: 'VARCHAR', i: 'VARCHAR', t: 'DOUBLE', r: 'DOUBLE' }, [
      { u: ['a', 'a'], i: ['b', 'b'], t: [1, 2], r: [1, null] },
    ]);
    const fine = await folder.write('fine.csv', header + good + good);
    await expect(readInteractions({ path, columns })).rejects.toMatchObject({
      message: 'bad.parquet, row 2: column "r": is empty',
    });
    const second = await folder.write('second.csv', header + good + 'a,b,1,x\n');
    await expect(readInteractions({ paths: [fine, second], columns })).rejects.toMatchObject({
      message: 'second.csv, line 3: column "r": "x" is not a number',
    });
    expect((await readInteractions({ paths: [fine, second], columns, onBadRow: 'skip' })).user.length).toBe(
      3,
    );
  });

  test('a file of bad rows alone is empty', async () => {
    const path = await folder.write('all-bad.csv', header + ',b,1,2\na,b\n');
    await expect(readInteractions({ path, columns, onBadRow: 'skip' })).rejects.toMatchObject({
      code: 'EMPTY_DATA',
      message: expect.stringContaining('2 skipped'),
    });
  });
});
