import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { lastLine, removeFolder, towerkit, workFolder } from './command.js';

let folder: string;
beforeAll(async () => {
  folder = await workFolder();
  const lines = Array.from({ length: 30 }, (_, user) =>
    [0, 1, 2, 3].map((day) => `h${user},p${(user + day * day) % 20},${day},${1 + ((user + day) % 5)}`),
  );
  await writeFile(
    join(folder, 'bought.csv'),
    ['household_id,product_id,day,stars', ...lines.flat(), ''].join('\n'),
  );
  const columns = { user: 'household_id', item: 'product_id', time: 'day', rating: 'stars' };
  const config = { name: 'shop', data: { path: 'bought.csv', dataset: { columns } }, metrics: ['ndcg@10'] };
  await writeFile(join(folder, 'shop.json'), JSON.stringify(config));
  for (const model of ['svd', 'item-knn'])
    await towerkit(['baseline', model, '--config', 'shop.json', '--out', model, '--threads', '1'], folder);
});
afterAll(() => removeFolder(folder));

test('a file of targets: metrics, what is unknown, and errors of ratings, by the command', async () => {
  const rows = ['h0,p7,4', 'h0,p8,2', 'h1,p0,5', 'h2,new,3', 'stranger,p1,1'];
  await writeFile(join(folder, 'next.csv'), ['household_id,product_id,stars', ...rows, ''].join('\n'));
  const ask = (artifact: string, ...more: string[]) => {
    const args = ['evaluate', '--artifact', artifact, '--targets', 'next.csv', ...more];
    return towerkit([...args, '--metrics', 'recall@20,ndcg@20'], folder);
  };
  const found = lastLine(await ask('svd', '--json'));
  expect(found).toMatchObject({
    targets: 'next.csv',
    users: 3,
    left_out: { unknown_user: 1 },
    unknown: { users: 1, user_rows: 1, items: 1, item_rows: 1 },
    ratings: { pairs: 3, unknown_users: 1, unknown_items: 1 },
  });
  expect(Object.keys(found.metrics)).toEqual(['ndcg@10', 'recall@20', 'ndcg@20']);
  // All of twenty items fit: what is known is found, the new item is missed.
  expect(found.metrics['recall@20'].value).toBeCloseTo(2 / 3, 10);
  for (const error of ['rmse', 'mae']) {
    expect(found.ratings[error]).toMatchObject({ value: expect.any(Number), ratings: 3 });
    expect(found.ratings.all[error]).toMatchObject({ value: expect.any(Number), ratings: 5 });
  }
  const { stdout } = await ask('svd');
  expect(stdout).toMatch(
    /not known: 1 users \(1 rows\), .* 1 items \(1 rows\), which are targets that are missed/,
  );
  expect(stdout).toMatch(/known pairs +3 /);
  expect(lastLine(await ask('item-knn', '--json')).ratings).toBeUndefined();
  const compare = ['compare', '--artifacts', 'svd,item-knn', '--targets', 'next.csv', '--json'];
  expect(lastLine(await towerkit(compare, folder))).toMatchObject({ targets: 'next.csv', users: 3 });
});

test('a file that does not fit is refused in one line', async () => {
  const ask = async (text: string) => {
    await writeFile(join(folder, 'wrong.csv'), text);
    return towerkit(['evaluate', '--artifact', 'svd', '--targets', 'wrong.csv'], folder);
  };
  expect(await ask('user,product_id\nh0,p1\n')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error MISSING_COLUMN: .*"household_id"; it has "user", "product_id"/),
  });
  expect(await ask('household_id,product_id\n0,p1\n')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^error NO_OVERLAP: /),
  });
});
