import { describe, expect, test } from '@jest/globals';

import {
  dateOf,
  encodeCatalog,
  encodeInteractions,
  encodeUsers,
  readCatalog,
  readUsers,
  requireUserOverlap,
  writeParquet,
} from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { id: 'who', age: 'age', since: 'joined' };
const types = { age: 'text', since: 'date' } as const;

describe('readUsers', () => {
  test('reads categories to the letter and dates as seconds, from every format', async () => {
    const expected = [86400, NaN, 12.5, NaN];
    const csv = await folder.write(
      'users.csv',
      'who,age,joined\n01,18-25,1970-01-02\n2,,\n3,65+,12.5\n4,x,n/a\n',
    );
    const jsonl = await folder.write(
      'users.jsonl',
      '{"who":"01","age":"18-25","joined":"1970-01-02"}\n{"who":"2"}\n' +
        '{"who":"3","age":"65+","joined":12.5}\n{"who":"4","age":"x","joined":null}\n',
    );
    const parquet = folder.path('users.parquet');
    await writeParquet(parquet, {
      who: { type: 'VARCHAR', values: ['01', '2', '3', '4'] },
      age: { type: 'VARCHAR', values: ['18-25', null, '65+', 'x'] },
      joined: { type: 'VARCHAR', values: ['1970-01-02T00:00:00Z', null, '12.5', null] },
    });
    for (const path of [csv, jsonl, parquet]) {
      const { users, table, skipped } = await readUsers({ path, columns, types });
      expect(users.names).toEqual(['01', '2', '3', '4']);
      expect(table.array('age')).toEqual(['18-25', null, '65+', 'x']);
      expect([...table.array('since')]).toEqual(expected);
      expect(skipped).toBe(0);
    }
  });

  test('a date that is none makes a bad row', async () => {
    const path = await folder.write('bad.csv', 'who,age,joined\na,1,2020-01-01\nb,2,01/02/2020\n');
    await expect(readUsers({ path, columns, types })).rejects.toMatchObject({
      code: 'BAD_ROW',
      message: 'bad.csv, line 3: column "joined": "01/02/2020" is neither a number nor a date',
    });
  });

  test('an id that stands twice is an error with file and lines, wherever it stands; skip keeps the first', async () => {
    const path = await folder.write(
      'twice.csv',
      'who,age,joined\nx,1,\n"a",2,\n"b\nb",3,\nc,4,\na,5,\nx,6,\n',
    );
    await expect(readUsers({ path, columns, types })).rejects.toMatchObject({
      code: 'DUPLICATE_ID',
      message: 'twice.csv, line 7: the user "a" is on line 3 already',
      details: { line: 7, id: 'a' },
    });
    const kept = await readUsers({ path, columns, types, onBadRow: 'skip' });
    expect(kept.users.names).toEqual(['x', 'a', 'b\nb', 'c']);
    expect(kept.table.array('age')).toEqual(['1', '2', '3', '4']);
    expect(kept.skipped).toBe(2);
  });

  test('so in a catalog, in JSON lines, which may have blank lines, and in Parquet, by its row', async () => {
    const jsonl = await folder.write('items.jsonl', '{"who":"a"}\n\n{"who":"b"}\n{"who":"b"}\n');
    await expect(readCatalog({ path: jsonl, columns: { id: 'who' } })).rejects.toMatchObject({
      code: 'DUPLICATE_ID',
      message: 'items.jsonl, line 4: the item "b" is on line 3 already',
    });
    const parquet = folder.path('twice.parquet');
    await writeParquet(parquet, { who: { type: 'VARCHAR', values: ['a', 'b', 'a'] } });
    await expect(readUsers({ path: parquet, columns: { id: 'who' } })).rejects.toMatchObject({
      code: 'DUPLICATE_ID',
      message: 'twice.parquet, row 3: the user "a" is on row 1 already',
    });
  });

  test('columns it lacks, no column of ids, no row', async () => {
    const path = await folder.write('few.csv', 'who\n');
    await expect(readUsers({ path, columns })).rejects.toMatchObject({ code: 'MISSING_COLUMN' });
    await expect(readUsers({ path, columns: { id: 'who' } })).rejects.toMatchObject({ code: 'EMPTY_DATA' });
    await expect(readUsers({ path, columns: {} as never })).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

describe('encodeUsers', () => {
  test('rows in memory, dates among them', () => {
    const { users, table } = encodeUsers(
      [{ id: 'a', age: 25, since: '1970-01-02' }, { id: 'b', since: 5 }, { id: 'c' }],
      types,
    );
    expect(users.names).toEqual(['a', 'b', 'c']);
    expect(table.array('age')).toEqual(['25', null, null]);
    expect([...table.array('since')]).toEqual([86400, 5, NaN]);
  });

  test('says whose row cannot be used', () => {
    const refused = (row: number, text: string) =>
      expect.objectContaining({ code: 'BAD_VALUE', message: `row ${row} of the table of users: ${text}` });
    expect(() => encodeUsers([{ id: 'a' }, { id: 'b', since: 'soon' }], types)).toThrow(
      refused(1, 'since cannot be "soon"'),
    );
    expect(() => encodeUsers([{ id: '' }])).toThrow(refused(0, 'id cannot be ""'));
    expect(() => encodeUsers([])).toThrow(expect.objectContaining({ code: 'EMPTY_DATA' }));
    expect(() => encodeUsers([{ id: 'a' }, { id: 'a' }])).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_ID' }),
    );
    expect(() => encodeCatalog([{ id: 'a', since: 'soon' }], types)).toThrow('row 0 of the catalog');
  });
});

test('dates as JavaScript reads them are those that files hold', async () => {
  const dates = [
    ...['2024-03-01', '2024-03-01T10:00', '2024-03-01 10:00:00.5+02:00', '2024-02-29T23:59:59,25Z'],
    ...['1969-12-31t00:00-0330', '2024-06-30T12:00+02', '0001-01-01'],
  ];
  const path = await folder.write(
    'dates.csv',
    `who,joined\n${dates.map((d, i) => `${i},"${d}"`).join('\n')}\n`,
  );
  const { table } = await readUsers({ path, columns: { id: 'who', since: 'joined' }, types });
  expect(dates.map(dateOf)).toEqual([...table.array('since')]);
  for (const text of [
    '',
    'soon',
    '2023-02-29',
    '2024-02-30',
    '2024-13-01',
    '2024-1-1',
    '2024-03-01T25:00',
    '12',
  ])
    expect(dateOf(text)).toBeUndefined();
});

test('users without a row and rows without interactions are counted; nothing shared is an error', () => {
  const log = encodeInteractions({ user: ['a', 'b', 'b', 'c'], item: ['x', 'x', 'y', 'x'] });
  const of = (...ids: string[]) => encodeUsers(ids.map((id) => ({ id })));
  expect(requireUserOverlap(log, of('b', 'z', 'w', 'v'))).toEqual({ withoutRow: 2, withoutInteractions: 3 });
  expect(() => requireUserOverlap(log, of('1', '2'))).toThrow(
    expect.objectContaining({
      code: 'NO_OVERLAP',
      message: 'none of the 3 users with interactions is among the 2 of the table of users',
    }),
  );
});
