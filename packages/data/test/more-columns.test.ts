import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { minimumRating, readInteractions } from '../src/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-more-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (text: string) => {
  const path = join(folder, 'reviews.csv');
  await writeFile(path, text);
  return path;
};

const columns = {
  user: 'user',
  item: 'item',
  rating: 'rating',
  more: { user: 'title', 'my "brand"': 'brand' },
};

test('other columns of text come along, whatever they are called, and stay with their rows', async () => {
  const path = await write(
    'user,item,rating,title,brand\nbo,hat,5,"Fine, really",Acme\nann,hat,1,,Acme\nbo,scarf,4,Warm,\n',
  );
  const log = await readInteractions({ path, columns, clean: [minimumRating(4)] });
  expect(log.users.names).toEqual(['bo']);
  expect(log.more).toEqual({ user: ['Fine, really', 'Warm'], 'my "brand"': ['Acme', ''] });
});

test('a column that is missing is named, with those that are there', async () => {
  const path = await write('user,item,rating,title\nbo,hat,5,Fine\n');
  await expect(readInteractions({ path, columns })).rejects.toMatchObject({
    code: 'MISSING_COLUMN',
    details: { column: 'brand', found: ['user', 'item', 'rating', 'title'] },
  });
});
