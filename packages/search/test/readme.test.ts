import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { saveArtifact } from '@towerkit/artifact';
import { CsrMatrix, isTowerkitError, Matrix, Vocabulary } from '@towerkit/core';
import { encodeCatalog } from '@towerkit/data';
import { openArtifact, standardKinds } from '@towerkit/recommend';
import { runReadme } from '@towerkit/workspace/readme';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { firstVectors } from '../src/fit/first-vectors.js';
import {
  BagTower,
  FeatureTable,
  readSearchParts,
  searchKind,
  SearchTower,
  tokensOf,
  writeSearchFiles,
} from '../src/index.js';
import { toolShop } from './tool-shop.js';

const READ = { ngrams: [3], ngramWeight: 0.5, pairs: true };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-search-'));
  const catalog = encodeCatalog(toolShop().products.map((product) => ({ ...product })));
  const texts = toolShop().products.map(({ title }) => title);
  const tokens = texts.map(tokensOf);
  const { table, counts } = FeatureTable.fit(tokens, [], READ, 1);
  const vectors = firstVectors(table, counts, texts.length, { dimensions: 128, pairWeight: 0.5, seed: 1 });
  const bag = new BagTower(table, new Matrix(table.size, 128, vectors));
  const tower = new SearchTower({ bag });
  const parts = { texts, tower, vectors: bag.encodeAll(texts), lexical: { k1: 0.6, b: 0.5 }, weight: 1 };
  const users = new Vocabulary(['red hammer']);
  await saveArtifact(join(folder, 'artifact'), {
    ...{ kind: 'search', name: 'tools', recipe: {}, packages: {}, metrics: {}, baselines: {} },
    dataset: { name: 'tools', fingerprint: '', interactions: 1 },
    ...{ users, items: catalog.items, catalog },
    histories: CsrMatrix.fromRows([Int32Array.of(3)], texts.length),
    model: {
      ...{
        version: 1,
        text: ['title'],
        features: READ,
        lexical: parts.lexical,
        weight: 1,
        best: 0,
        epochs: [],
      },
      judgments: {
        columns: { query: 'q', product: 'p', label: 'l' },
        labels: { range: [1, 4] },
        relevant: 0.65,
      },
    },
    write: (into) => writeSearchFiles(into, parts),
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = () => openArtifact(join(folder, 'artifact'), { kinds: [...standardKinds, searchKind] });

test('the README example runs', async () => {
  const printed = await runReadme(join(import.meta.dirname, '..'), {
    env: { ARTIFACT: join(folder, 'artifact') },
  });
  const lines = printed.trim().split('\n');
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^(Acme|Bolt) Red Claw Hammer .* \d+\.\d 0\.\d\d$/);
});

test('an artifact answers filters, histories and texts about a user, and says what is like an item', async () => {
  const artifact = await open();
  const { engine, items } = artifact;
  const brand = { brand: 'Bolt' };
  const found = await engine.search({ content: { text: 'oak door lock' }, k: 5, where: brand });
  expect(found.parts).toHaveLength(5);
  for (const item of found.items) expect(artifact.catalog.brand[item]).toBe('Bolt');
  const alike = await engine.similar({ item: 0, k: 3 });
  expect(alike.items).toHaveLength(3);
  expect(alike.items).not.toContain(0);
  const after = await artifact.recommend({ history: [items.nameOf(0)] }, 5);
  expect(after.items.map(({ id }) => id)).not.toContain(items.nameOf(0));
  const liked = await artifact.recommend({ text: 'brushed nickel shower head' }, 1);
  expect(liked.items[0].title).toMatch(/Shower Head/);
  await expect(artifact.engine.search({ content: { features: {} }, k: 1 })).rejects.toMatchObject({
    code: 'NO_CONTENT',
  });
  await expect(engine.search({ content: { text: '🔨' }, k: 1 })).rejects.toMatchObject({
    code: 'EMPTY_TEXT',
  });
  await artifact.dispose();
});

test('parts come back as they were written; without an artifact there is an error', async () => {
  const parts = await readSearchParts(join(folder, 'artifact'));
  const again = (await parts.tower.encode([parts.texts[0]])).row(0);
  parts.vectors.row(0).forEach((value, d) => expect(value).toBeCloseTo(again[d], 5));
  expect(parts.texts[0]).toBe(toolShop().products[0].title);
  const missing = await readSearchParts(folder).catch((error: unknown) => error);
  expect(isTowerkitError(missing, 'ARTIFACT_NOT_FOUND')).toBe(true);
});
