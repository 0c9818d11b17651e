import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CsrMatrix } from '@towerkit/core';
import { readTable, writeParquet, type ColumnType, type ColumnValues } from '@towerkit/data';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  fullDisliked,
  fullHistories,
  fullLeftOut,
  readArtifact,
  readUnlisted,
  saveArtifact,
  type ArtifactContents,
} from '../src/index.js';
import { contents } from './toy.js';

const rows = (...lists: number[][]) => CsrMatrix.fromRows(lists, 3);
const listsOf = (matrix: CsrMatrix) => Array.from({ length: matrix.rows }, (_, row) => [...matrix.row(row)]);

/** Ann looked at item 1, took 0, disliked 2 and, in the validation part, took 2 and disliked 1; bob had 1, took 2, disliked 2. */
const fed: ArtifactContents = {
  ...contents,
  feedback: {
    train: { taken: rows([0], []), disliked: rows([2], []) },
    validation: { history: rows([], [2, 0]), taken: rows([2], [2]), disliked: rows([1], [2]) },
  },
  counts: Int32Array.of(1, 2, 1),
};

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'towerkit-feedback-'));
  await saveArtifact(join(parent, 'fed'), fed);
  await saveArtifact(join(parent, 'plain'), contents);
});
afterAll(() => rm(parent, { recursive: true }));

describe('what entered histories and what is left out', () => {
  test('is written and read part by part', async () => {
    const artifact = await readArtifact(join(parent, 'fed'));
    expect(artifact.feedback).toEqual(fed.feedback);
    expect([...artifact.counts]).toEqual([1, 2, 1]);
    expect(listsOf(artifact.validation!)).toEqual([[], [2]]);
    expect(listsOf(fullHistories(artifact))).toEqual([
      [1, 0],
      [1, 2, 0],
    ]);
    expect(listsOf(fullLeftOut(artifact))).toEqual([
      [0, 2, 2, 1],
      [2, 2],
    ]);
    expect(listsOf(fullDisliked(artifact)!)).toEqual([[1], [2]]);
    expect([...(await readUnlisted(artifact))]).toEqual([]);
    const { columns } = await readTable(join(parent, 'fed/feedback.parquet'));
    expect(Object.keys(columns)).toEqual([
      'user',
      'train_taken',
      'train_disliked',
      'validation_history',
      'validation_taken',
      'validation_disliked',
    ]);
  });

  test('is that of the histories in an artifact without it', async () => {
    const artifact = await readArtifact(join(parent, 'plain'));
    expect([artifact.feedback, fullDisliked(artifact)]).toEqual([undefined, undefined]);
    expect(listsOf(fullLeftOut(artifact))).toEqual([
      [1, 0],
      [1, 2],
    ]);
    expect([...(await readUnlisted(artifact))]).toEqual([2]);
  });

  const whole = (...values: (number | null)[]) => ({ type: 'INTEGER' as const, values });
  const lists = (...values: (number[] | null)[]) => ({ type: 'INTEGER[]' as const, values });
  const good = {
    user: whole(0, 1),
    train_taken: lists([0], []),
    train_disliked: lists([2], []),
    validation_history: lists([], [2]),
    validation_taken: lists([1], [2]),
    validation_disliked: lists([1], [2]),
  };

  test.each<[string, Record<string, { type: ColumnType; values: ColumnValues }>, RegExp]>([
    ['a column missing', { ...good, validation_history: undefined! }, /no column "validation_history"/],
    ['an item beyond', { ...good, train_taken: lists([3], []) }, /feedback\.parquet: .*column 3/],
    ['a list missing', { ...good, train_taken: lists(null, []) }, /does not hold a list of ids/],
    ['a user twice', { ...good, user: whole(1, 1) }, /it has user 1 twice/],
    ['a user beyond', { ...good, user: whole(0, 2) }, /column "user" holds 2/],
    [
      'too many rows',
      Object.fromEntries(
        Object.keys(good).map((name) => [name, name === 'user' ? whole(0, 1, 1) : lists([], [], [])]),
      ),
      /3 rows, and there are 2 users/,
    ],
  ])('%s is refused at the door', async (name, columns, message) => {
    const folder = join(parent, name);
    await cp(join(parent, 'fed'), folder, { recursive: true });
    const kept = Object.fromEntries(Object.entries(columns).filter(([, column]) => column));
    await writeParquet(join(folder, 'feedback.parquet'), kept);
    const bytes = await readFile(join(folder, 'feedback.parquet'));
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    manifest.files['feedback.parquet'] = { bytes: bytes.length, sha256 };
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await expect(readArtifact(folder)).rejects.toMatchObject({
      code: 'BAD_ARTIFACT',
      message: expect.stringMatching(message),
    });
  });
});
