import { describe, expect, test } from '@jest/globals';

import { chooseModel, configText, inspectFiles } from '../src/index.js';
import { gradesOf } from '../src/guess/grades.js';
import { timeFormOf } from '../src/profile/times.js';
import { temporaryFolder } from './files.js';
import { events } from './shop.js';

const folder = temporaryFolder();
const rows = events(5);
const look = async (name: string, header: string, line: (row: (typeof rows)[number]) => string) =>
  inspectFiles([await folder.write(name, [header, ...rows.map(line)].join('\n'))], { threads: 1 });
const text = (inspection: Awaited<ReturnType<typeof look>>) =>
  configText(inspection, { name: 'odd', folder: '.', catalog: 'products.csv' });

describe('columns that look like something else', () => {
  test('times of day are no ids, and codes of articles are', async () => {
    const inspection = await look(
      'till.csv',
      'Datum;Uhrzeit;Kundenkarte;EAN;Anzahl',
      ({ user, item, time, count }) => {
        const [day, clock] = new Date(time * 1000).toISOString().split('T');
        const date = day.split('-').reverse().join('.');
        return `${date};${clock.slice(0, 5)};${7000 + user};40${String(item * 7919).padStart(11, '0')};${count}`;
      },
    );
    expect(inspection).toMatchObject({
      log: { user: { name: 'Kundenkarte' }, item: { name: 'EAN' } },
      columns: { time: { column: { name: 'Datum' } }, weight: { column: { name: 'Anzahl' } } },
    });
  });

  test('ids with a dot in them, where the name says that they are ids', async () => {
    const inspection = await look(
      'web.csv',
      'event_timestamp,user_pseudo_id,session,item_id',
      ({ user, item, time }) => `${time},${user * 7919}.${1_600_000_000 + user},${time % 97},I${item}`,
    );
    expect(inspection.log).toMatchObject({ user: { name: 'user_pseudo_id' }, item: { name: 'item_id' } });
  });

  test('whether it was liked: no is a dislike', async () => {
    const inspection = await look(
      'likes.csv',
      'profile,post,liked,created',
      ({ user, item, time, stars }) => `${user},p${item},${stars > 2},${time}`,
    );
    expect(inspection.columns?.kind?.column.name).toBe('liked');
    expect(text(inspection)).toMatch(/false: \{ dislike: true \}/);
  });

  test.each([
    ['2023-01-31 10:00:00 +0200', '%Y-%m-%d %H:%M:%S %z'],
    ['2023-11', '%Y-%m'],
    ['31/01/2023 09:30:00', '%d/%m/%Y %H:%M:%S'],
  ])('%s is a time', (value, format) => {
    expect(timeFormOf([value])).toMatchObject({ format });
  });
});

describe('grades of products for queries', () => {
  const words = (i: number) => `${['red', 'blue', 'old'][i % 3]} ${['chair', 'table'][i % 2]} of ${i} parts`;

  test('in words, as those of ESCI, become a table', async () => {
    expect(gradesOf({ values: ['C', 'E', 'I', 'S'] })).toEqual({ E: 1, S: 0.1, C: 0.01, I: 0 });
    expect(gradesOf({ values: ['Exact', 'Irrelevant', 'Partial'] })).toMatchObject({ Partial: 0.5 });
    expect(gradesOf({ values: ['a', 'b'] })).toBeUndefined();
    const labels = rows.map(({ user, item, stars }) => `${words(user)},${item},${'ESCIE'[stars - 1]}`);
    const inspection = await inspectFiles(
      [
        await folder.write('labels.csv', ['query,product_id,esci_label', ...labels].join('\n')),
        await folder.write(
          'products.csv',
          ['product_id,title', ...Array.from({ length: 40 }, (_, i) => `${i},"A ${words(i)}, new"`)].join(
            '\n',
          ),
        ),
      ],
      { threads: 1 },
    );
    expect(chooseModel(inspection).kind).toBe('queries');
    expect(text(inspection)).toMatch(/labels: \{ table: \{ C: 0.01, E: 1, I: 0, S: 0.1 \} \}/);
  });

  test('with the titles in the same file: its rows are judgments and products', async () => {
    const inspection = await look(
      'train.csv',
      'query,product_uid,product_title,relevance',
      ({ user, item, stars }) => `${words(user)},${item},"A ${words(item)}, new",${stars}`,
    );
    const config = text(inspection);
    expect(config).toMatch(/search: \{[\s\S]*judgments: \{[\s\S]*products: \{/);
    expect(config).toMatch(/duplicates: 'first'/);
  });
});

test('a file that begins with remarks is refused with what to do', async () => {
  const path = await folder.write('remarks.csv', '# of 2023\n# ours\nuser,item\n1,2\n1,3\n');
  await expect(inspectFiles([path], { threads: 1 })).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
    hint: expect.stringContaining("grep -v '^#'"),
  });
});
