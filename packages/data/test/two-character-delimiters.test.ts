import { expect, test } from '@jest/globals';

import { readCatalog } from '../src/index.js';
import { temporaryFolder } from './files.js';

const folder = temporaryFolder();
const columns = { id: 'movie', title: 'title', genres: 'genres' };
const layout = { format: 'csv' as const, header: false, columnNames: ['movie', 'title', 'genres'] };

test('two characters separate, one of them is text, and a quote opens behind both alone', async () => {
  const path = await folder.write(
    'movies.dat',
    '1::Star Wars: A New Hope::sci-fi\n2::Alone:"quoted" and not::drama\n3::"with :: inside"::a|b\n4::::\n',
  );
  const { items, table } = await readCatalog({ path, columns, ...layout, delimiter: '::' });
  expect(items.names).toEqual(['1', '2', '3', '4']);
  expect(table.array('title')).toEqual([
    'Star Wars: A New Hope',
    'Alone:"quoted" and not',
    'with :: inside',
    null,
  ]);
  expect(table.array('genres')).toEqual(['sci-fi', 'drama', 'a|b', null]);
});

test('a quote behind one or three of the characters is text, also where the file begins', async () => {
  const path = await folder.write('odd.dat', ':"1::a::b\n2::"x\ny"::z\n3::c:::"d\n');
  const { items, table } = await readCatalog({ path, columns, ...layout, delimiter: '::' });
  expect(items.names).toEqual([':"1', '2', '3']);
  expect(table.array('title')).toEqual(['a', 'x\ny', 'c']);
  expect(table.array('genres')).toEqual(['b', 'z', ':"d']);
});

test('a header, lines that end in CR LF, and the line of a row that does not fit', async () => {
  const path = await folder.write('titled.dat', 'movie::title::genres\r\n1::A::x\r\n2::B\r\n3::C::y\r\n');
  const read = { path, columns, format: 'csv' as const, delimiter: '::' };
  await expect(readCatalog(read)).rejects.toMatchObject({ code: 'BAD_ROW', details: { line: 3 } });
  const { items, skipped } = await readCatalog({ ...read, onBadRow: 'skip' });
  expect(items.names).toEqual(['1', '3']);
  expect(skipped).toBe(1);
});

test.each(['', ':;', ':::', '""', '"'])('the delimiter %j is refused', async (delimiter) => {
  const path = await folder.write('any.dat', '1::A::x\n');
  await expect(readCatalog({ path, columns, ...layout, delimiter })).rejects.toMatchObject({
    code: 'BAD_OPTION',
  });
});
