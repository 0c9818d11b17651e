import { afterAll, describe, expect, test } from '@jest/globals';
import { Matrix, Rng } from '@towerkit/core';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadFaiss } from '../../src/drivers/faiss/faiss-module.js';
import { scratch } from '../../src/drivers/faiss/index-file.js';
import { readParameter } from '../../src/drivers/faiss/parameter.js';
import { fewestToTrain, hasExactScores } from '../../src/drivers/faiss/settings.js';
import {
  createIndex,
  type FaissOptions,
  type IndexOptions,
  loadIndex,
  indexRecall,
  tune,
  type VectorIndex,
} from '../../src/index.js';
import { conformance } from '../suite/conformance.js';
import { clustered } from '../suite/vectors.js';
import { randomVectors } from './oracle.js';

/** faiss-node compiles against a FAISS of the system; not every machine has one. */
const hasFaiss = (() => {
  try {
    return loadFaiss() !== undefined;
  } catch {
    return false;
  }
})();

const create = (options: IndexOptions & FaissOptions) => createIndex('faiss', options);

(hasFaiss ? describe : describe.skip)('with faiss-node', () => {
  for (const [factory, wanted] of [
    ['HNSW32', 0.99],
    ['Flat', 1],
    ['IVF32,Flat', 0.99],
    ['PCA16,IVF32,SQ8', 0.7],
  ] as const)
    conformance(`faiss ${factory}`, { create: (options) => create({ ...options, factory }), recall: wanted });

  describe('faiss', () => {
    afterAll(() => expect([...scratch]).toEqual([]));

    test.each([
      'nonsense',
      'HNSW99999999999999',
      'IVF99999999999999,Flat',
      'PQ8x60',
      'PQ7',
      'IVF0,Flat',
      'IDMap,Flat',
      'HNSW32,,',
      'IVF16,HNSW32,Flat',
    ])('a factory that FAISS cannot do, %s, is an error and not the end of the process', async (factory) => {
      const index = create({ dimensions: 16, factory });
      const built = index.then((index) => index.build(randomVectors(new Rng(1), 2000, 16)));
      await expect(built).rejects.toMatchObject({ code: expect.stringMatching('BAD_OPTION|BUILD_FAILED') });
    });

    test('FAISS says why', async () => {
      await expect(create({ dimensions: 16, factory: 'PQ7' })).rejects.toMatchObject({
        code: 'BAD_OPTION',
        message: expect.stringMatching(/FAISS cannot make PQ7 of vectors of 16 values: .*(d % M|multiple)/),
        details: { option: 'factory' },
      });
    });

    test.each<[string, FaissOptions]>([
      ['ef', { factory: 'HNSW32', ef: 0 }],
      ['ef', { factory: 'Flat', ef: 10 }],
      ['nprobe', { factory: 'HNSW32', nprobe: 4 }],
      ['nprobe', { factory: 'IVF16,Flat', nprobe: 1.5 }],
      ['factory', { factory: '' }],
      ['factory', { factory: 'a'.repeat(300) }],
      ['factory', { factory: "Flat'; process.exit()" }],
    ])('BAD_OPTION: %s of %j', async (option, options) => {
      await expect(create({ dimensions: 16, ...options })).rejects.toMatchObject({
        code: 'BAD_OPTION',
        details: { option },
      });
    });

    test.each<[string, 'ef' | 'nprobe', number, number]>([
      ['HNSW8', 'ef', 4, 400],
      ['IVF32,Flat', 'nprobe', 1, 32],
      ['IVF32_HNSW8,Flat', 'nprobe', 1, 32],
      ['PCA24,IVF32,Flat', 'nprobe', 1, 32],
      ['IVF32,SQ8,RFlat', 'nprobe', 1, 32],
    ])('%s: more %s, more recall; it is saved', async (factory, name, few, many) => {
      const folder = await mkdtemp(join(tmpdir(), 'towerkit-test-'));
      const vectors = randomVectors(new Rng(5), 5000, 32);
      const queries = randomVectors(new Rng(6), 40, 32);
      const exact = await createIndex('exact', { dimensions: 32 });
      await exact.build(vectors);
      const recallOf = (index: VectorIndex) => indexRecall(index, exact, queries, 10);
      const index = await create({ dimensions: 32, factory, [name]: few });
      await index.build(vectors);
      expect(index.tunable).toMatchObject({ name, value: few });
      const low = await recallOf(index);
      await index.tunable!.set(many);
      expect((await index.stats()).settings).toEqual({ factory, [name]: many });
      const high = await recallOf(index);
      expect(high - low).toBeGreaterThan(0.05);
      await index.save(folder);
      const again = await loadIndex(folder);
      expect((await again.stats()).settings).toEqual({ factory, [name]: many });
      expect(await recallOf(again)).toBeCloseTo(high, 10);
      await again.tunable!.set(few);
      expect(await recallOf(again)).toBeCloseTo(low, 10);
      const third = await loadIndex(folder); // the saved one has not changed
      expect(await recallOf(third)).toBeCloseTo(high, 10);
      const fourth = await loadIndex(folder, { [name]: few });
      expect(await recallOf(fourth)).toBeCloseTo(low, 10);
      const tuned = await tune(fourth, { exact, queries, target: (low + high) / 2 });
      expect(tuned).toMatchObject({ name, reached: true });
      await Promise.all([index, again, third, fourth, exact].map((each) => each.close()));
      await rm(folder, { recursive: true });
    });

    test('nprobe beyond the lists is all of them', async () => {
      const vectors = randomVectors(new Rng(2), 3000, 8);
      const index = await create({ dimensions: 8, factory: 'IVF16,Flat', nprobe: 1000 });
      await index.build(vectors);
      expect(index.tunable!.value).toBe(16);
      expect(index.tunable!.values.at(-1)).toBe(16);
      await index.close();
    });

    test('with too few items to train on, searches are exact, until there are enough', async () => {
      const vectors = clustered(3000, 8);
      const index = await create({ dimensions: 8, factory: 'IVF256,Flat' });
      const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
      await index.build(vectors.gather(rows(0, 100)));
      expect(index.tunable).toBeUndefined();
      await index.add(vectors.gather(rows(100, 3000)), { ids: rows(100, 3000) });
      expect(index.tunable).toMatchObject({ name: 'nprobe', value: 16 });
      expect(index.size).toBe(3000);
      await index.close();
    });

    test('a build that is called off leaves the old index, and no process', async () => {
      const index = await create({ dimensions: 64 });
      await index.build(new Matrix(1, 64), { ids: [7] });
      const stop = new AbortController();
      const reason = new Error('enough');
      const build = index.build(randomVectors(new Rng(3), 20_000, 64), {
        signal: stop.signal,
        onProgress: () => stop.abort(reason),
      });
      await expect(build).rejects.toBe(reason);
      expect([...(await index.search(new Float32Array(64), 5)).ids]).toEqual([7]);
      await index.close();
    });

    test('searches go on while a build runs in its process', async () => {
      const index = await create({ dimensions: 64 });
      await index.build(new Matrix(1, 64), { ids: [7] });
      let building = true;
      const build = index.build(randomVectors(new Rng(3), 8000, 64)).finally(() => (building = false));
      const first: number[] = [];
      while (building) {
        first.push((await index.search(new Float32Array(64).fill(1), 1)).ids[0]);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const turned = first.findIndex((id) => id !== 7);
      const old = turned < 0 ? first : first.slice(0, turned);
      // Once the new index answers, it goes on answering.
      expect(first.slice(old.length)).not.toContain(7);
      await build;
      expect(old.length).toBeGreaterThan(10);
      expect(index.size).toBe(8000);
      await index.close();
    });
  });
});

describe('what is known of a factory', () => {
  test.each([
    ['HNSW32', 1],
    ['Flat', 1],
    ['IVF4096,Flat', 4096],
    ['IVF16,PQ8', 256],
    ['PQ8x4', 16],
    ['IMI2x10,Flat', 1024],
    ['IVF1024_HNSW32,SQ8', 1024],
  ])('%s is trained on %i vectors at least', (factory, fewest) =>
    expect(fewestToTrain(factory)).toBe(fewest),
  );

  test.each([
    ['HNSW32', true],
    ['HNSW32,Flat', true],
    ['Flat', true],
    ['IVF64,Flat', true],
    ['IVF64_HNSW8,Flat', true],
    ['IVF64,SQ8', false],
    ['HNSW32_SQ8', false],
    ['PCA16,Flat', false],
  ])('the scores of %s are exact: %s', (factory, exact) => expect(hasExactScores(factory)).toBe(exact));
});

test('a file that is no index has no parameter', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'towerkit-test-'));
  const path = join(folder, 'file');
  const rng = new Rng(4);
  const kinds = ['IHNf', 'IwFl', 'IxPT', 'xxxx'];
  for (let trial = 0; trial < 200; trial++) {
    const bytes = Buffer.from(Uint8Array.from({ length: rng.integer(300) }, () => rng.integer(256)));
    bytes.write(kinds[trial % 4], 'latin1');
    if (bytes.length > 37) {
      bytes[32] = 1;
      bytes.writeInt32LE(0, 33);
    }
    await writeFile(path, bytes);
    const file = await open(path);
    const parameter = await readParameter(file);
    await file.close();
    if (parameter !== undefined) expect(parameter.at + parameter.bytes).toBeLessThanOrEqual(bytes.length);
  }
  await rm(folder, { recursive: true });
});
