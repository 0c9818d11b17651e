import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { leakageReport, leaveLastOut, leaveLastTwoOut, readCatalog, readInteractions } from '../src/index.js';

/** The folder of shared data sets: TOWERKIT_SHARED, or `shared` beside a folder above. */
function sharedFolder(): string | undefined {
  if (process.env.TOWERKIT_SHARED) return process.env.TOWERKIT_SHARED;
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(dirname(folder), 'shared', 'datasets'))) return join(dirname(folder), 'shared');
  return undefined;
}

const dataset = (name: string) => join(sharedFolder() ?? '', 'datasets', name);
const where = (name: string) => (sharedFolder() && existsSync(dataset(name)) ? describe : describe.skip);

where('amazon-video-games-2023')('Amazon Video Games 2023', () => {
  const folder = dataset('amazon-video-games-2023');

  test('has the published size and repeats', async () => {
    const catalog = await readCatalog({
      path: join(folder, 'items.csv.gz'),
      columns: {
        id: 'parent_asin',
        title: 'title',
        price: 'price',
        averageRating: 'average_rating',
        category: 'category',
      },
      types: { price: 'number', averageRating: 'number' }, // the file writes 19.0
    });
    expect(catalog.items.size).toBe(26_354);
    expect(catalog.items.nameOf(0)).toBe('0375869026');
    expect(catalog.table.column('price')).toBeInstanceOf(Float64Array);
    const started = performance.now();
    const log = await readInteractions({
      path: join(folder, 'interactions.csv.gz'),
      columns: { user: 'user_id', item: 'parent_asin', position: 'position' },
      items: catalog.items,
    });
    expect(performance.now() - started).toBeLessThan(20_000); // about 1 s alone
    expect([log.users.size, log.items.size, log.user.length]).toEqual([98_906, 26_354, 560_787]);
    expect(log.items.names).toEqual(catalog.items.names);
    for (let row = 1; row < log.user.length; row++)
      if (
        log.user[row] === log.user[row - 1]
          ? log.position![row] <= log.position![row - 1]
          : log.user[row] < log.user[row - 1]
      )
        throw new Error(`row ${row} is out of order`);
    const { validation } = leakageReport(leaveLastOut(log), log);
    expect(validation).toMatchObject({
      users: 98_906,
      repeats: 2079,
      unknownUsers: 0,
      targetsEarlierThanHistory: 0,
    });
    expect((validation.repeats / validation.users).toFixed(3)).toBe('0.021');
  });
});

where('s3rec-beauty')('S3-Rec Beauty', () => {
  test('has the published size', async () => {
    const log = await readInteractions({ path: join(dataset('s3rec-beauty'), 'sequences.txt.gz') });
    expect([log.users.size, log.items.size]).toEqual([22_363, 12_092]);
    expect(leakageReport(leaveLastTwoOut(log), log).test!.users).toBe(22_363);
  });
});

where('ml-100k')('MovieLens 100k', () => {
  test('has the published size', async () => {
    const names = ['user', 'item', 'rating', 'time'];
    const log = await readInteractions({
      path: join(dataset('ml-100k'), 'u.data'),
      format: 'tsv',
      columnNames: names,
      columns: { user: 'user', item: 'item', rating: 'rating', time: 'time' },
    });
    expect([log.users.size, log.items.size, log.user.length]).toEqual([943, 1682, 100_000]);
    const { items, table } = await readCatalog({
      path: join(dataset('ml-100k'), 'u.item'),
      format: 'csv',
      delimiter: '|',
      encoding: 'latin-1',
      columnNames: ['id', 'title'],
      columns: { id: 'id', title: 'title' },
    });
    expect(items.size).toBe(1682);
    expect(table.get('title', 542)).toBe('Misérables, Les (1995)');
  });
});
