import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { readCatalog, readInteractions, readUsers, writeTable } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { user: 'u', item: 'i', rating: 'r', time: 't' };

/** A number as people with decimal commas write it. */
const german = (value: number, group: boolean) => {
  const [whole, decimals] = Math.abs(value).toString().split('.');
  const grouped = group ? whole.replace(/\B(?=(\d{3})+$)/g, '.') : whole;
  return `${value < 0 ? '-' : ''}${grouped}${decimals === undefined ? '' : `,${decimals}`}`;
};

describe("decimal: ','", () => {
  test('reads what was written so, with points between thousands or without', async () => {
    const number = fc.integer({ min: -1e8, max: 1e8 }).map((value) => value / 64);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(number, fc.boolean()), { minLength: 1, maxLength: 20 }),
        async (values) => {
          const rows = values.map(([value, group], i) => `a;x${i};${german(value, group)};${i}`);
          const path = await folder.write('german.csv', ['u;i;r;t', ...rows].join('\n'));
          const { rating: ratings } = await readInteractions({ path, columns, delimiter: ';', decimal: ',' });
          expect(Array.from(ratings!)).toEqual(values.map(([value]) => Math.fround(value)));
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each(['1.5', '1,234.5', '12.34,5', '1,2,3', 'x'])('%s is no number', async (value) => {
    const path = await folder.write('bad.csv', `u;i;r;t\na;x;${value};1\n`);
    await expect(readInteractions({ path, columns, delimiter: ';', decimal: ',' })).rejects.toMatchObject({
      code: 'BAD_ROW',
    });
  });
});

describe('timeFormat', () => {
  test('reads dates written so, and ISO 8601 ones', async () => {
    const path = await folder.write('t.csv', 'u,i,r,t\na,x,1,31.12.2023 23:59\na,y,1,2024-01-01 00:00\n');
    const { time: times } = await readInteractions({ path, columns, timeFormat: '%d.%m.%Y %H:%M' });
    expect(Array.from(times!)).toEqual(
      ['2023-12-31T23:59Z', '2024-01-01T00:00Z'].map((text) => Date.parse(text) / 1000),
    );
  });

  test('eight digits are a date only where it is said', async () => {
    const path = await folder.write('d.csv', 'u,i,r,t\na,x,1,20240229\n');
    const read = async (timeFormat?: string) =>
      (await readInteractions({ path, columns, timeFormat })).time![0];
    expect(await read('%Y%m%d')).toBe(Date.parse('2024-02-29') / 1000);
    expect(await read()).toBe(20240229);
  });

  test('a date of no calendar, and a form that is none', async () => {
    const path = await folder.write('n.csv', 'u,i,r,t\na,x,1,30.02.2024\n');
    await expect(readInteractions({ path, columns, timeFormat: '%d.%m.%Y' })).rejects.toMatchObject({
      code: 'BAD_ROW',
    });
    for (const timeFormat of ['dd.mm.yyyy', '%d.%Q'])
      await expect(readInteractions({ path, columns, timeFormat })).rejects.toMatchObject({
        code: 'BAD_OPTION',
        details: { option: 'timeFormat' },
      });
    await expect(readInteractions({ path, columns, decimal: ';' as ',' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
    });
  });
});

describe("duplicates: 'first'", () => {
  test('takes the first row of each id, which is no fault', async () => {
    const path = await folder.write('log.csv', 'u,i,name,age\na,x,Ex,30\na,y,Why,30\nb,x,Ex two,40\n');
    const items = await readCatalog({ path, columns: { id: 'i', title: 'name' }, duplicates: 'first' });
    expect([items.items.names, Array.from(items.table.array('title')), items.skipped]).toEqual([
      ['x', 'y'],
      ['Ex', 'Why'],
      0,
    ]);
    const users = await readUsers({ path, columns: { id: 'u', age: 'age' }, duplicates: 'first' });
    expect(Array.from(users.table.array('age'))).toEqual([30, 40]);
    await expect(readCatalog({ path, columns: { id: 'i' } })).rejects.toMatchObject({ code: 'DUPLICATE_ID' });
    await expect(
      readCatalog({ path, columns: { id: 'i' }, duplicates: 'last' as 'first' }),
    ).rejects.toMatchObject({ code: 'BAD_OPTION' });
  });
});

test('lists of Parquet are read as JSON, which list features take', async () => {
  const path = folder.path('lists.parquet');
  await writeTable(path, { id: 'VARCHAR', tags: 'VARCHAR[]' }, [
    { id: ['x', 'y'], tags: [['a', 'b, c'], []] },
  ]);
  const { table } = await readCatalog({ path, columns: { id: 'id', tags: 'tags' } });
  expect(Array.from(table.array('tags'))).toEqual(['["a","b, c"]', '[]']);
});

test('keys within objects of JSON lines; a name with a point of its own comes first', async () => {
  const lines = [
    { u: { id: 'ann' }, i: { id: 7, 'x.y': 1 }, 'u.id': 'bo', r: 1.5 },
    { u: { id: 'cy' }, i: { id: 8 }, r: 2 },
  ];
  const path = await folder.write('nested.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
  const log = await readInteractions({ path, columns: { user: 'u.id', item: 'i.id', rating: 'r' } });
  expect([log.users.names, log.items.names]).toEqual([
    ['bo', 'cy'],
    ['7', '8'],
  ]);
  await expect(readInteractions({ path, columns: { user: 'u.id', item: 'i.no' } })).rejects.toMatchObject({
    code: 'MISSING_COLUMN',
  });
});
