import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { saveArtifact } from '@towerkit/artifact';
import { CsrMatrix, Rng, topK, Vocabulary } from '@towerkit/core';
import { readTable } from '@towerkit/data';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ModelRanker, openArtifact, shardOf, writeLists, type OpenArtifact } from '../src/index.js';

const [USERS, ITEMS] = [1100, 40];

class Ranker extends ModelRanker {
  constructor() {
    super({
      kind: 'told',
      items: ITEMS,
      score(histories, out, users = []) {
        for (let row = 0; row < histories.length; row++)
          for (let item = 0; item < ITEMS; item++)
            out[row * ITEMS + item] = 1 + ((item * 7 + users[row]) % 41) + item / 100;
      },
      recommend(histories, k, users) {
        const out = new Float32Array(histories.length * ITEMS);
        void this.score(histories, out, users);
        return histories.map((history, row) =>
          topK(out.subarray(row * ITEMS, (row + 1) * ITEMS), k, history),
        );
      },
    });
  }
}

let folder: string;
let artifact: OpenArtifact;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-shards-'));
  const rng = new Rng(3);
  const names = (prefix: string, count: number) =>
    new Vocabulary(Array.from({ length: count }, (_, n) => `${prefix}${n}`));
  const histories = CsrMatrix.fromRows(
    Array.from({ length: USERS }, () => [rng.integer(ITEMS), rng.integer(ITEMS)]),
    ITEMS,
  );
  await saveArtifact(join(folder, 'told'), {
    ...{ kind: 'told', name: 'told', model: {}, packages: {}, metrics: {}, baselines: {}, recipe: {} },
    dataset: { name: 'told', fingerprint: 'none', interactions: histories.entries },
    ...{ users: names('u', USERS), items: names('i', ITEMS), histories },
    write: async () => undefined,
  });
  const kinds = [{ name: 'told', open: async () => new Ranker() }];
  artifact = await openArtifact(join(folder, 'told'), { kinds, threads: 1 });
});
afterAll(async () => {
  await artifact.dispose();
  await rm(folder, { recursive: true });
});

async function rowsOf(file: string) {
  const { columns } = await readTable(file);
  return Array.from(columns.user as ArrayLike<unknown>, (user, row) => [
    user,
    ...['rank', 'item', 'score'].map((name) => columns[name][row]),
  ]);
}

test.each([1, 2, 3, 5, 9])('%d shards are together the lists of all, in order', async (of) => {
  await writeLists(artifact, { out: join(folder, 'all.parquet'), k: 4 });
  const out = join(folder, `lists-${of}/`);
  let users = 0;
  for (let index = of; index >= 1; index--) {
    const written = await writeLists(artifact, { out, k: 4, shard: { index, of } });
    expect(written.rows).toBe(4 * written.users);
    users += written.users;
  }
  expect(users).toBe(USERS);
  const files = (await readdir(out)).sort();
  expect(files[0]).toBe(`part-00001-of-0000${of}.parquet`);
  const rows = (await Promise.all(files.map((file) => rowsOf(join(out, file))))).flat();
  expect(rows).toEqual(await rowsOf(join(folder, 'all.parquet')));
});

test('a shard that failed leaves nothing behind and is written again; one that is there is kept', async () => {
  const out = join(folder, 'again/');
  const shard = { index: 1, of: 2 };
  const stop = () => {
    throw new Error('stopped');
  };
  await expect(writeLists(artifact, { out, shard, onDone: stop })).rejects.toThrow('stopped');
  expect(await readdir(out)).toEqual([]);
  const first = await writeLists(artifact, { out, shard });
  expect(await writeLists(artifact, { out, shard })).toEqual({
    ...{ file: first.file, users: 0, rows: 0, kept: true },
  });
});

test('shards out of range and of no numbers are refused', async () => {
  const refusal = expect.objectContaining({ code: 'BAD_OPTION' });
  for (const text of ['0/4', '5/4', '1/0', '2', 'a/b', '1/4/2', '-1/4'])
    expect(() => shardOf(text)).toThrow(refusal);
  expect(shardOf('4/4')).toEqual({ index: 4, of: 4 });
  await expect(
    writeLists(artifact, { out: join(folder, 'x/'), shard: { index: 3, of: 2 } }),
  ).rejects.toMatchObject({ code: 'BAD_OPTION' });
  expect(await readdir(folder)).not.toContain('x');
});
