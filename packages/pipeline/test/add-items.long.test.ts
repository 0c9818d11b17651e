import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyArtifact } from '@towerkit/artifact';
import { Rng } from '@towerkit/core';
import { buildIndex, openArtifact } from '@towerkit/recommend';
import type { DriverName, DriverOptions } from '@towerkit/retrieval';
import { gruTower, itemTower, twoTower } from '@towerkit/towers';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startPostgres, type Postgres } from '../../retrieval/test/drivers/postgres.js';
import { addItems, trainRecommender, type ModelShapes } from '../src/index.js';
import { arraysOf, opened, saveBaseline, shopItems, shopRows } from './toy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'towerkit-add-'));
  const recommender = await trainRecommender({
    interactions: arraysOf(shopRows),
    items: shopItems,
    features: {
      categories: { kind: {} },
      numeric: { price: {} },
      text: { title: { encoder: { kind: 'lsa', dimensions: 8 } } },
    },
    model: ({ numeric, content }: ModelShapes) =>
      twoTower({
        item: itemTower({ dimensions: 8, categories: { kind: 4 }, numeric, content }),
        user: gruTower({ dimensions: 8 }),
        idDropout: 0.2,
      }),
    ...{ negatives: [{ kind: 'uniform', count: 10 }], batchSize: 64, epochs: 2, threads: 1 },
  });
  await recommender.save(join(folder, 'plain'));
  await recommender.dispose();
  await writeFile(
    join(folder, 'new.csv'),
    'id,title,kind,price\nn1,old lamp bright,lamp,3\nn2,warm tea,tea,\nn3,red rubber thing,toy,2\n',
  );
});
afterAll(() => rm(folder, { recursive: true }));

const NEW = ['n1', 'n2', 'n3'];
const code = (code: string) => expect.objectContaining({ code });
const add = (artifact: string, items = join(folder, 'new.csv')) => addItems({ artifact, items, threads: 1 });

/** What the model of a tower and its index have, by which they are looked into. */
interface Vectors {
  readonly itemVectors: { readonly data: Float32Array; row(item: number): Float32Array };
}
interface Searchable {
  search(
    query: Float32Array,
    k: number,
    options?: object,
  ): Promise<{ readonly ids: Float64Array; readonly scores: Float32Array }>;
}

/** A copy of the artifact, with an index where a driver is named. */
async function copy<Name extends DriverName>(driver?: Name, options?: DriverOptions[Name]): Promise<string> {
  const at = await mkdtemp(join(folder, 'copy-'));
  await cp(join(folder, 'plain'), at, { recursive: true });
  if (driver)
    await opened(at, (artifact) => buildIndex(artifact, { driver, options: options!, recall: 0.9 }));
  return at;
}

test('new items get the vectors that a question about them gets, and all else stays', async () => {
  const at = await copy();
  const before = await verifyArtifact(at);
  const old = await opened(at, async ({ model }) =>
    Array.from((model as unknown as Vectors).itemVectors.data),
  );
  expect(await add(at)).toEqual({
    ...{ added: 3, items: 27, skipped: 0, idDropout: 0.2, index: 'none' },
    unseen: { kind: { items: 1, values: { toy: 1 } } },
  });
  await opened(at, async (artifact) => {
    expect(artifact.items.names.slice(24)).toEqual(NEW);
    expect(Array.from(artifact.counts.subarray(24))).toEqual([0, 0, 0]);
    expect(artifact.manifest.dataset).toEqual({ ...before.manifest.dataset, items: 27 });
    expect(artifact.manifest.model.addedItems).toBe(3);
    const { itemVectors } = artifact.model as unknown as Vectors;
    expect(Array.from(itemVectors.data.subarray(0, old.length))).toEqual(old);
    const asked = await artifact.engine.ranker.content!.encode([
      { features: { title: 'old lamp bright', kind: 'lamp', price: 3 } },
      { features: { title: 'warm tea', kind: 'tea', price: null } },
      { features: { title: 'red rubber thing', kind: 'no such', price: 2 } },
    ]);
    asked.data.forEach((value, i) => expect(itemVectors.data[old.length + i]).toBeCloseTo(value, 5));
  });
  // Once more, with items that are there already.
  await expect(add(at)).rejects.toThrow(code('KNOWN_ITEM'));
  expect(
    await addItems({ artifact: at, items: join(folder, 'new.csv'), onBadRow: 'skip', threads: 1 }),
  ).toMatchObject({ added: 0, skipped: 3, items: 27 });
});

describe.each(['exact', 'ivf', 'hnsw'] as const)('an index of the driver %s', (driver) => {
  test('gets the items, too', async () => {
    const at = await copy(driver, { threads: 1 });
    expect(await add(at)).toMatchObject({ added: 3, items: 27, index: 'updated' });
    await opened(at, async (artifact) => {
      // It was opened: the index has as many vectors as the model has items.
      expect(artifact.engine.ranker.index).toBe(driver);
      for (const id of NEW) {
        const { items } = await artifact.recommend(['i0', 'i4'], 1, { where: { id } });
        expect(items.map((item) => item.id)).toEqual([id]);
      }
      const { items: all } = await artifact.recommend(['i0'], 27);
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(NEW));
      const { index, itemVectors } = {
        index: (artifact.engine.ranker as unknown as { vectors: Searchable }).vectors,
        itemVectors: (artifact.model as unknown as Vectors).itemVectors,
      };
      const rng = new Rng(1);
      const query = Float32Array.from({ length: 9 }, () => rng.normal());
      const { ids, scores } = await index.search(query, 27);
      for (const item of [24, 25, 26]) {
        const score = itemVectors.row(item).reduce((sum, value, c) => sum + value * query[c], 0);
        expect(scores[ids.indexOf(item)]).toBeCloseTo(score, 4);
      }
      // Attributes of the new ones are those of the file.
      expect([...(await index.search(query, 5, { filter: { where: { kind: 'toy' } } })).ids]).toEqual([26]);
      expect(await artifact.engine.check({ histories: [[0, 4], [25]], k: 5 })).toEqual({ recall: 1 });
    });
  });
});

describe('an index in a database', () => {
  let postgres: Postgres;
  beforeAll(async () => (postgres = await startPostgres()));
  afterAll(() => postgres.stop());

  test('is left to the artifact as it was, and the new one has none', async () => {
    const { connection } = postgres;
    const at = await copy('pgvector', { connection, table: 'toys' });
    const before = join(folder, 'before');
    await cp(at, before, { recursive: true });
    expect(await add(at)).toMatchObject({ added: 3, items: 27, index: 'removed' });
    expect(Object.keys((await verifyArtifact(at)).manifest.files)).not.toContain('index/index.json');
    await opened(at, async (artifact) => {
      expect(artifact.engine.ranker.index).toBe('exact');
      const { items } = await artifact.recommend(['i0', 'i4'], 1, { where: { id: 'n1' } });
      expect(items.map(({ id }) => id)).toEqual(['n1']);
    });
    const artifact = await openArtifact(before, { threads: 1, index: { pgvector: { connection } } });
    expect(artifact.engine.ranker.index).toBe('pgvector');
    expect((await artifact.recommend(['i0', 'i4'], 24)).items).toHaveLength(22);
    await artifact.dispose();
  });
});

describe('nothing is added', () => {
  test('to a model of another kind, or from a file that lacks a column', async () => {
    await saveBaseline(join(folder, 'knn'), 'item-knn', shopRows);
    await expect(add(join(folder, 'knn'))).rejects.toThrow(code('BAD_ARTIFACT'));
    const at = await copy();
    const { version } = await verifyArtifact(at);
    await writeFile(join(folder, 'short.csv'), 'id,title\nn9,red tea\n');
    await expect(add(at, join(folder, 'short.csv'))).rejects.toThrow(code('MISSING_COLUMN'));
    expect((await verifyArtifact(at)).version).toBe(version);
  });
});
