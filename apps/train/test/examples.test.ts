import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runReadme } from '@towerkit/workspace/readme';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openArtifact } from '../src/index.js';

const PACKAGE = join(import.meta.dirname, '..');
const README = join(PACKAGE, '../../README.md');
const HISTORY = ['b3', 'b4', 'b6'];
let cwd = '';
let printed: string[] = [];

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'towerkit-example-'));
  printed = (await runReadme(PACKAGE, { readme: README, cwd })).trim().split('\n');
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

test("the root README's first code is the example that is type-checked", async () => {
  const [, first] = /```ts\n([\s\S]*?)```/.exec(await readFile(README, 'utf8'))!;
  expect(first).toBe(await readFile(join(PACKAGE, 'examples/recommender.ts'), 'utf8'));
  expect(first.trim().split('\n').length).toBeLessThanOrEqual(25);
});

test('it prints the metrics, and a top ten by title in which the next volumes come early', () => {
  const [, own, popular] = /^NDCG@10 ([\d.]+), popularity ([\d.]+)$/.exec(printed[0])!;
  expect(Number(own)).toBeGreaterThan(0.5);
  expect(Number(own)).toBeGreaterThan(2 * Number(popular));
  const list = printed.slice(1, 11).map((line) => /^-?\d+\.\d{3} (Volume \d+)$/.exec(line)![1]);
  expect(new Set(list).size).toBe(10);
  expect(list.slice(0, 3).filter((title) => ['Volume 7', 'Volume 8'].includes(title))).not.toEqual([]);
  for (const had of ['Volume 3', 'Volume 4', 'Volume 6']) expect(list).not.toContain(had);
});

test('the artifact it saved gives the same answer, in its process and in another', async () => {
  const list = printed.slice(1, 11).map((line) => line.split(' '));
  expect(printed[11]).toBe(
    `the same from the artifact: ${list.map(([, ...title]) => title.join(' ')).join(', ')}`,
  );
  const saved = await openArtifact(join(cwd, 'artifacts/books'));
  try {
    const { items } = await saved.recommend(HISTORY, 10);
    expect(items.map(({ title, score }) => `${score.toFixed(3)} ${title}`)).toEqual(printed.slice(1, 11));
  } finally {
    await saved.dispose();
  }
});

test('the README example runs', async () => {
  expect(await runReadme(PACKAGE)).toContain('games: 9 epochs');
});
