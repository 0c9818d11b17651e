import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { inspectFiles } from '../src/index.js';
import { temporaryFolder } from './files.js';
import { events, type Event } from './shop.js';

const folder = temporaryFolder();
const NOW = 1_800_000_000;
const look = (...paths: string[]) => inspectFiles(paths, { threads: 1, now: NOW });

/** How one event is written, by the roles of its columns. */
const cells = (one: Event): Record<string, string> => ({
  user: `${one.user + 1}`,
  item: `${one.item + 1}`,
  time: `${one.time}`,
  rating: `${one.stars}`,
});

describe('roles are told by what columns hold', () => {
  test('names that say nothing, in any order, with any separator: the tables of items and users decide', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.shuffledSubarray(['user', 'item', 'time', 'rating'], { minLength: 4 }),
        fc.constantFrom(',', ';', '\t', '|'),
        async (seed, order, delimiter) => {
          const rows = events(seed);
          const letters = order.map((_, i) => 'abcd'[i]);
          const lines = [letters, ...rows.map((row) => order.map((role) => cells(row)[role]))];
          const log = await folder.write('log.csv', lines.map((line) => line.join(delimiter)).join('\n'));
          const items = await folder.write(
            'one.csv',
            [
              'k,l,m',
              ...Array.from({ length: 40 }, (_, i) => `${i + 1},Thing of ${i} parts and more,c${i % 4}`),
            ].join('\n'),
          );
          const users = await folder.write(
            'two.csv',
            ['p,q', ...Array.from({ length: 80 }, (_, i) => `${i + 1},${i % 2 ? 'M' : 'F'}`)].join('\n'),
          );
          const { log: found, columns, catalog, users: people } = await look(items, log, users);
          const letter = (role: string) => letters[order.indexOf(role)];
          expect([
            found!.user.name,
            found!.item.name,
            columns!.time!.column.name,
            columns!.rating!.column.name,
          ]).toEqual(['user', 'item', 'time', 'rating'].map(letter));
          expect([catalog!.file.name, people!.file.name]).toEqual(['one.csv', 'two.csv']);
          expect(catalog!.columns.map(({ use }) => use)).toEqual(['title', 'category']);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('a file without names or tables: items are those that are popular or not', async () => {
    for (const seed of [1, 2, 3]) {
      const rows = events(seed, { users: 200, items: 80 });
      for (const order of [
        ['item', 'user', 'time'],
        ['user', 'item', 'time'],
      ]) {
        const path = await folder.write(
          'x',
          rows.map((row) => order.map((role) => cells(row)[role]).join(',')).join('\n'),
        );
        const { log } = await look(path);
        expect(order[log!.user.place]).toBe('user');
        expect(order[log!.item.place]).toBe('item');
      }
    }
  });
});

describe('what rows hold', () => {
  test('columns of a wide table are those of the item, of the user, or of the moment', async () => {
    const rows = events(5).map((row) => ({
      ...{
        user: `u${row.user}`,
        age: 18 + (row.user % 50),
        item: `i${row.item}`,
        name: `Good thing ${row.item}`,
      },
      ...{
        price: 1 + row.item / 2,
        at: new Date(row.time * 1000).toISOString(),
        channel: row.stars > 2 ? 'web' : 'shop',
      },
    }));
    const path = await folder.write('wide.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const { log, columns, catalog, users } = await look(path);
    expect([log!.user.name, log!.item.name, columns!.time!.column.name]).toEqual(['user', 'item', 'at']);
    expect(columns!.ofItem.map(({ name }) => name)).toEqual(['name', 'price']);
    expect(columns!.ofUser.map(({ name }) => name)).toEqual(['age']);
    expect(columns!.rest.map(({ name }) => name)).toEqual(['channel']);
    expect(catalog).toMatchObject({ log: true, columns: [{ use: 'title' }, { use: 'number' }] });
    expect(users).toMatchObject({ log: true, columns: [{ use: 'number' }] });
  });

  test('kinds, quantities, dates of a country', async () => {
    const rows = events(6).map(
      ({ user, item, time, stars, count }) =>
        `K${user};${String(item).padStart(4, '0')};${count},0;${new Date(time * 1000).toISOString().slice(0, 10).split('-').reverse().join('.')};${stars > 3 ? 'kauf' : 'ansicht'}`,
    );
    const path = await folder.write('b.csv', ['Kunde;Artikel;Menge;Datum;Vorgang', ...rows].join('\n'));
    const { columns, traps } = await look(path);
    expect(columns!.weight!.column.name).toBe('Menge');
    expect(columns!.kind!.column.name).toBe('Vorgang');
    expect(columns!.time).toMatchObject({ column: { name: 'Datum' }, form: { format: '%d.%m.%Y' } });
    expect(traps.map(({ id }) => id)).toEqual(expect.arrayContaining(['padded', 'decimal-commas']));
  });

  test('keys within objects of JSON lines', async () => {
    const rows = events(9).map(({ user, item, time }) =>
      JSON.stringify({
        who: { id: `u${user}`, age: 18 + (user % 50) },
        what: { sku: `i${item}`, name: `A thing ${item}` },
        at: time * 1000,
      }),
    );
    const { log, columns, catalog, users } = await look(await folder.write('nested.jsonl', rows.join('\n')));
    expect([log!.user.name, log!.item.name, columns!.time!.column.name]).toEqual([
      'who.id',
      'what.sku',
      'at',
    ]);
    expect(catalog!.columns).toMatchObject([{ use: 'title', column: { name: 'what.name' } }]);
    expect(users!.columns).toMatchObject([{ use: 'number', column: { name: 'who.age' } }]);
  });

  test('graded queries are told from interactions', async () => {
    const query = (i: number) =>
      `${['red', 'blue', 'green'][i % 3]} ${['chair', 'table'][i % 2]} for ${i % 30} people`;
    const rows = events(7).map(({ user, item, stars }) => `${query(user)},${item},${stars / 2}`);
    const path = await folder.write('judged.csv', ['search_term,product_id,relevance', ...rows].join('\n'));
    expect((await look(path)).log).toMatchObject({ queries: true, user: { name: 'search_term' } });
  });

  test('figures agree with a count by hand', async () => {
    const rows = events(8);
    const path = await folder.write(
      'f.csv',
      ['user,item,time', ...rows.map((r) => `${r.user},${r.item},${r.time}`)].join('\n'),
    );
    const { facts } = await look(path);
    const count = (keys: (string | number)[]) => {
      const counts = new Map<string | number, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    };
    const users = count(rows.map(({ user }) => user));
    const items = count(rows.map(({ item }) => item));
    const pairs = count(rows.map(({ user, item }) => `${user} ${item}`));
    const top = [...items.values()].sort((a, b) => b - a);
    expect(facts).toMatchObject({ rows: rows.length, users: users.size, items: items.size, incomplete: 0 });
    expect(facts!.repeats).toBeCloseTo(1 - pairs.size / rows.length);
    expect(facts!.perUser.under5).toBeCloseTo([...users.values()].filter((k) => k < 5).length / users.size);
    expect(facts!.busiest.item.share).toBeCloseTo(top[0] / rows.length);
    const tenth = Math.max(1, Math.floor(items.size / 10));
    expect(facts!.head).toBeCloseTo(top.slice(0, tenth).reduce((sum, k) => sum + k, 0) / rows.length);
    expect(facts!.time).toMatchObject({ first: rows[0].time, last: rows.at(-1)!.time, isClock: true });
  });
});
