import { expect, test } from '@jest/globals';
import { encodeInteractions } from '@towerkit/data';
import { gruTower, itemTower, mlpTower, twoTower } from '@towerkit/towers';

import { checkConfig, locateDataset, orderWarnings, prepare } from '../src/index.js';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const item = itemTower({ dimensions: 4 });
const history = { kind: 'history', dimensions: 4 } as const;
const ordered = twoTower({ item, user: gruTower({ dimensions: 4 }) });
const unordered = twoTower({ item, user: mlpTower({ dimensions: 4, inputs: { history } }) });
const config = checkConfig({ name: 'x' });
const rows = { user: ['a', 'a', 'a', 'b', 'b', 'b'], item: ['1', '2', '3', '2', '3', '1'] };

test('a tower that reads an order is told of rows without time or position', async () => {
  const plain = await prepare({ name: 'sets', log: encodeInteractions(rows) }, config);
  expect(orderWarnings(plain, ordered)).toEqual([
    expect.stringMatching(/which order sets happened.*mlpTower/),
  ]);
  expect(orderWarnings(plain, unordered)).toEqual([]);
  const timed = encodeInteractions({ ...rows, time: Float64Array.of(1, 2, 3, 1, 2, 3) });
  expect(orderWarnings(await prepare({ name: 'log', log: timed }, config), ordered)).toEqual([]);
});

test('lines of items have an order, but not where they come split', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'order-'));
  await writeFile(join(folder, 'train'), 'a 1 2 3\nb 2 3 1\n');
  await writeFile(join(folder, 'valid'), 'a 4\nb 4\n');
  const columns = { user: 'user_id', item: 'item_id' };
  const read = async (dataset: object) => {
    const given = checkConfig({ name: 'x', data: { dataset } });
    return prepare(await locateDataset(given.data, folder, ''), given);
  };
  const lines = { format: 'sequences', columns, file: 'train' };
  expect(orderWarnings(await read(lines), ordered)).toEqual([]);
  const split = { ...lines, heldBack: { validation: 'valid' } };
  expect(orderWarnings(await read(split), ordered)).toHaveLength(1);
});
