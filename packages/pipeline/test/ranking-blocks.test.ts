import { expect, test } from '@jest/globals';
import { CsrMatrix, Matrix, Rng } from '@towerkit/core';
import { evaluateFullRanking, type BlockScorer, type Scorer } from '@towerkit/metrics';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { popularityScorer } from '../src/evaluate/reference-scores.js';
import { popularityBlocks, withVectorBlocks } from '../src/evaluate/ranking-blocks.js';
import { modelScorer, rankModel, rankQuestions, readQuestions } from '../src/index.js';
import { opened, saveBaseline, shopRows } from './toy.js';

const [USERS, ITEMS, DIMENSIONS] = [300, 5000, 8];
const rng = new Rng(5);
const counts = Float32Array.from({ length: ITEMS }, () => Math.floor(20 * rng.uniform() ** 4));
/** Whole numbers, so that many scores tie. */
const whole = (rows: number) => {
  const out = new Matrix(rows, DIMENSIONS);
  out.data.forEach((_, i) => (out.data[i] = rng.integer(5) - 2));
  return out;
};
const [users, items] = [whole(USERS), whole(ITEMS)];
const anyItems = (count: number) =>
  CsrMatrix.fromRows(
    Array.from({ length: USERS }, () => [
      ...new Set(Array.from({ length: count }, () => rng.integer(ITEMS))),
    ]),
    ITEMS,
  );
const asked = { items: ITEMS, histories: anyItems(30), targets: anyItems(1) };
const rowsOf = (matrix: Matrix, rows: Int32Array) => {
  const out = new Matrix(rows.length, matrix.cols);
  rows.forEach((from, row) => out.row(row).set(matrix.row(from)));
  return out;
};
const products: Scorer = (rows, out) => {
  rows.forEach((user, row) => {
    for (let item = 0; item < ITEMS; item++)
      out[row * ITEMS + item] = users
        .row(user)
        .reduce((sum, value, i) => sum + value * items.row(item)[i], 0);
  });
};
const measured = async (scorer: Scorer, blocks?: BlockScorer) =>
  (await evaluateFullRanking({ ...asked, scorer, blocks, metrics: ['hr@10', 'ndcg@10', 'mrr@20'] })).metrics;
const never: Scorer = () => {
  throw new Error('whole rows were scored');
};

test('products of vectors block by block have the metrics of whole rows', async () => {
  const vectorsOf = (rows: Int32Array) => rowsOf(users, rows);
  const inBlocks = await withVectorBlocks(items, vectorsOf, counts, (blocks) => measured(never, blocks));
  expect(inBlocks).toEqual(await measured(products));
});

test('so has popularity', async () => {
  expect(await measured(never, popularityBlocks(counts))).toEqual(await measured(popularityScorer(counts)));
});

test('ALS is ranked in blocks as by its scores', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-blocks-'));
  try {
    const at = join(folder, 'als');
    await saveBaseline(at, 'als', shopRows);
    await opened(at, async (artifact) => {
      const { model } = artifact;
      const questions = await readQuestions(artifact);
      expect(model.vectorScores?.items.rows).toBe(artifact.items.size);
      expect((await rankModel(model, artifact, questions)).metrics).toEqual(
        (await rankQuestions(modelScorer(model, questions), artifact, questions)).metrics,
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
