import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { readDataset, recognize, type DatasetManifest } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const manifest = (name: string, files: string[], more: Partial<DatasetManifest> = {}): DatasetManifest => ({
  name,
  title: name,
  homepage: 'https://example.org',
  license: 'CC0-1.0',
  files: files.map((file) => ({ name: file })),
  interactions: { file: files[0], columns: { user: 'u', item: 'i' } },
  ...more,
});

describe('recognize', () => {
  const small = manifest('small', ['log.csv']);
  const large = manifest('large', ['log.csv', 'items.csv']);
  const other = manifest('other', ['other.csv']);

  test('takes the manifest with the most files, all of which are there', async () => {
    await mkdir(folder.path('set'));
    await writeFile(folder.path('set/log.csv'), 'u,i\na,x\n');
    const all = [small, large, other];
    expect(await recognize(folder.path('set'), all)).toEqual({ manifest: small, folder: folder.path('set') });
    await writeFile(folder.path('set/items.csv'), 'id\nx\n');
    expect((await recognize(folder.path('set'), all))?.manifest).toBe(large);
    expect((await recognize(join(folder.path('set'), 'log.csv'), all))?.manifest).toBe(large);
    expect(await recognize(join(folder.path('set'), 'items.csv'), all)).toBeUndefined();
    expect(await recognize(folder.path('set'), [other])).toBeUndefined();
    await expect(recognize(folder.path('nowhere'), all)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });
});

test('readDataset reads catalog and log as the manifest says', async () => {
  await folder.write('u.data', 'NOBODY\tx\t3\t1\t\nb\tx\t3\t20\t\nb\ty\t4\t10\t\n');
  await folder.write('u.item', Buffer.from('z|Zoë\ny|Yak\n', 'latin1'));
  const set = manifest('ml', ['u.data', 'u.item'], {
    anonymousUsers: ['nobody'],
    interactions: {
      file: 'u.data',
      format: 'tsv',
      columnNames: ['user', 'item', 'rating', 'time'],
      columns: { user: 'user', item: 'item', rating: 'rating', time: 'time' },
    },
    catalog: {
      file: 'u.item',
      format: 'csv',
      delimiter: '|',
      encoding: 'latin-1',
      columnNames: ['id', 'title'],
      columns: { id: 'id', title: 'title' },
    },
  });
  const { log, catalog } = await readDataset(folder.path(), set);
  expect(catalog!.table.array('title')).toEqual(['Zoë', 'Yak']);
  expect(log.items.names).toEqual(['z', 'y', 'x']);
  expect([...log.item]).toEqual([1, 2]);
  expect([...log.rating!]).toEqual([4, 3]);
  expect(log.users.names).toEqual(['b']);
  expect(log.removed).toEqual([{ rule: 'dropUsers(nobody)', rows: 1 }]);
  await expect(readDataset(folder.path(), { catalog: set.catalog })).rejects.toMatchObject({
    code: 'BAD_OPTION',
  });
});

test('a condition on the catalog keeps its rows and their interactions, whatever columns are called', async () => {
  await folder.write('log.csv', 'u,i\na,x\na,y\nb,z\nb,x\nb,w\n');
  await folder.write('items.csv', 'id,a b,group\ny,3,"it\'s"\nx,11,b\nz,,b\n');
  const set = (where: string) =>
    manifest('set', ['log.csv'], {
      catalog: { file: 'items.csv', columns: { id: 'id', size: 'a b', group: 'group' }, where },
    });
  const read = (where: string) => readDataset(folder.path(), set(where));
  const { log, catalog } = await read(`"size"::INT > 5 OR "group" = 'it''s' -- and no others`);
  expect(catalog?.items.names).toEqual(['y', 'x']);
  expect(log.items.names).toEqual(['y', 'x']);
  expect(Array.from(log.item, (item) => log.items.nameOf(item))).toEqual(['x', 'y', 'x']);
  expect(log.removed).toEqual([{ rule: 'catalog.where', rows: 2 }]);
  await expect(read('size > ')).rejects.toMatchObject({ code: 'BAD_OPTION', details: { option: 'where' } });
  await expect(read("size = '12'")).rejects.toMatchObject({ code: 'EMPTY_DATA' });
});
