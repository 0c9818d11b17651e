import { describe, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { concatRows } from '@towerkit/artifact';
import { targetsWithHistory, checkOutput, nearestName } from '@towerkit/pipeline';
import { defineConfig } from '../src/index.js';
import { metricsTable, table } from '../src/report/tables.js';

test('nearest finds a misspelt name and does not guess wildly', () => {
  expect(nearestName('epoch', ['epochs', 'engine'])).toBe('epochs');
  expect(nearestName('learningrate', ['learningRate', 'schedule'])).toBe('learningRate');
  expect(nearestName('metrcis', ['seed', 'metrics'])).toBe('metrics');
  expect(nearestName('zebra', ['epochs', 'engine'])).toBeUndefined();
});

test('defineConfig gives back what it was given, checked', () => {
  const config = { name: 'x', epochs: 3 };
  expect(defineConfig(config)).toBe(config);
  expect(() => defineConfig({ name: 'x/y' })).toThrow('config: name: a name is made of letters');
  expect(() => defineConfig({ name: 'x', split: { kind: 'random', validation: 2 } })).toThrow(
    'config: split.validation: ',
  );
  // @ts-expect-error: there is no such key
  expect(() => defineConfig({ name: 'x', epoch: 3 })).toThrow('did you mean "epochs"?');
});

describe('rows', () => {
  const a = CsrMatrix.fromRows([[0, 1], [], [2]], 5);
  const b = CsrMatrix.fromRows([[3], [4], []], 5);

  test('end to end', () => {
    const both = concatRows(a, b);
    expect([0, 1, 2].map((row) => [...both.row(row)])).toEqual([[0, 1, 3], [4], [2]]);
  });

  test('targets of users without a history are left out and counted', () => {
    const { targets, unknownUsers } = targetsWithHistory(b, a);
    expect(targets).toEqual(new CsrMatrix(3, 5, Int32Array.of(0, 1, 1, 1), Int32Array.of(3)));
    expect(unknownUsers).toBe(1);
  });
});

test('checkOutput leaves nothing behind and refuses what writing would destroy', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-'));
  await checkOutput(join(folder, 'a/b/c'));
  expect(await readdir(folder)).toEqual([]);
  await writeFile(join(folder, 'diary.txt'), '');
  await expect(checkOutput(folder)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  await expect(checkOutput(join(folder, 'diary.txt'))).rejects.toMatchObject({ code: 'UNWRITABLE' });
  await expect(checkOutput(join(folder, 'diary.txt/x/y'))).rejects.toMatchObject({ code: 'UNWRITABLE' });
  await writeFile(join(folder, 'manifest.json'), '{"name": "a web app"}');
  await expect(checkOutput(folder)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
  await rm(folder, { recursive: true });
});

test('tables line up', () => {
  expect(
    table([
      ['a', '1'],
      ['bbb', '22'],
    ]),
  ).toBe('a     1\nbbb  22');
  const one = { value: 0.5, low: 0.25, high: 0.75, users: 4 };
  expect(metricsTable({ tower: { 'hr@10': one } })).toBe(
    'model                    hr@10\ntower  0.5000 [0.2500, 0.7500]',
  );
});
