import { describe, expect, test } from '@jest/globals';
import { Vocabulary } from '@towerkit/core';

import { readCatalog, readInteractions, readTable, readTargets, writeTable } from '../src/index.js';
import { temporaryFolder } from './files.js';

/** Ids that differ by a mark, at the start, doubled, alone, within, at the end; short ones and long ones. */
const MARK = '\ufeff';
const IDS = ['a', `${MARK}a`, `${MARK}${MARK}a`, `a${MARK}`, `a${MARK}b`, `${MARK}${'long'.repeat(10)}`, 'z'];

const folder = temporaryFolder();

const lines = (separator: string) =>
  ['user', 'item', 'text'].join(separator) +
  IDS.map((id) => `\n${id}${separator}${id}${separator}${id}`).join('');
const FILES: readonly [name: string, write: (name: string) => Promise<string>][] = [
  ['a.csv', (name) => folder.write(name, lines(','))],
  ['a.tsv', (name) => folder.write(name, lines('\t'))],
  ['marked.csv', (name) => folder.write(name, MARK + lines(','))],
  [
    'a.jsonl',
    (name) =>
      folder.write(name, IDS.map((id) => JSON.stringify({ user: id, item: id, text: id })).join('\n')),
  ],
  [
    'a.parquet',
    async (name) => {
      const path = folder.path(name);
      await writeTable(path, { user: 'VARCHAR', item: 'VARCHAR', text: 'VARCHAR' }, [
        { user: IDS, item: IDS, text: IDS },
      ]);
      return path;
    },
  ],
];

describe.each(FILES)('%s: a byte order mark of an id is part of it', (name, write) => {
  const columns = { user: 'user', item: 'item' };

  test('in interactions and their texts', async () => {
    const log = await readInteractions({
      path: await write(name),
      columns: { ...columns, text: 'text', more: { again: 'text' } },
    });
    expect([log.users.names, log.items.names]).toEqual([IDS, IDS]);
    expect(log.text).toEqual(IDS);
    expect(log.more).toEqual({ again: IDS });
  });

  test('in targets', async () => {
    const names = new Vocabulary(IDS);
    const targets = await readTargets({ path: await write(name), columns, users: names, items: names });
    expect(Array.from(targets.item)).toEqual(IDS.map((_, place) => place));
    expect(Array.from(targets.user)).toEqual(IDS.map((_, place) => place));
  });

  test('in a catalog', async () => {
    const { items, table } = await readCatalog({
      path: await write(name),
      columns: { id: 'item', title: 'text' },
    });
    expect(items.names).toEqual(IDS);
    expect(Array.from(table.array('title') as ArrayLike<string>)).toEqual(IDS);
  });

  test('in a table', async () => {
    if (name.endsWith('.jsonl')) return;
    expect((await readTable(await write(name))).columns).toEqual({ user: IDS, item: IDS, text: IDS });
  });
});

test('lists of texts keep theirs, and the name of a column does', async () => {
  const path = folder.path('lists.parquet');
  const lists = [IDS, [], null, [`${MARK}`]];
  await writeTable(path, { [`${MARK}lists`]: 'VARCHAR[]' }, [{ [`${MARK}lists`]: lists }]);
  expect((await readTable(path)).columns).toEqual({ [`${MARK}lists`]: lists });
});
