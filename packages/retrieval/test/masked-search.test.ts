import { afterAll, describe, expect, test } from '@jest/globals';
import type { Matrix } from '@towerkit/core';
import { FlatScan } from '@towerkit/kernels';

import type { Engine } from '../src/memory/engine.js';
import { candidates, maskedSearch } from '../src/memory/masked-search.js';
import { countBits, type Mask, setBit, wordsFor } from '../src/rows/mask.js';
import { clustered } from './suite/vectors.js';

const [ROWS, D] = [20_000, 4];
const vectors = clustered(ROWS, D);
const ids = Float64Array.from({ length: ROWS }, (_, slot) => slot);
const scan = new FlatScan({ dimensions: D, threads: 1 });
const ready = scan.append(vectors.data, ids);
afterAll(() => scan.close());

function maskOf(passes: (slot: number) => boolean): Mask {
  const words = new Uint32Array(wordsFor(ROWS));
  for (let slot = 0; slot < ROWS; slot++) if (passes(slot)) setBit(words, slot);
  return { words, count: countBits(words) };
}

const everything = maskOf(() => true);

/** An engine that answers exactly over the slots that it covers, and writes down what it is asked for. */
class Recorder implements Engine {
  readonly bytes = 0;
  readonly settings = {};
  readonly asked: number[] = [];
  constructor(
    readonly covered = ROWS,
    readonly exactScores = true,
    /** It finds no more than this. */
    readonly most = Infinity,
  ) {}
  search(query: Float32Array, count: number) {
    this.asked.push(count);
    const covered = maskOf((slot) => slot < this.covered);
    const found = scan.search(query, Math.min(count, this.most), covered.words);
    return this.exactScores ? found : { slots: found.slots, scores: found.scores.map(() => 0) };
  }
  searchBatch(queries: Matrix, count: number) {
    return Array.from({ length: queries.rows }, (_, q) => this.search(queries.row(q), count));
  }
  add = () => Promise.resolve();
  save = () => Promise.resolve();
  close = () => Promise.resolve();
}

const query = clustered(1, D, 5).data;

async function searchWith(engine: Engine, k: number, mask: Mask) {
  await ready;
  const found = await maskedSearch(
    { engine, used: ROWS, ids, scan: () => Promise.resolve(scan) },
    query,
    k,
    mask,
  );
  expect(found).toEqual(scan.search(query, k, mask.words));
}

describe('maskedSearch', () => {
  test('nothing is filtered: k candidates, once', async () => {
    const engine = new Recorder();
    await searchWith(engine, 10, everything);
    expect(engine.asked).toEqual([10]);
  });

  test('half is filtered: three times as many', async () => {
    const engine = new Recorder();
    await searchWith(
      engine,
      10,
      maskOf((slot) => slot % 2 === 0),
    );
    expect(engine.asked).toEqual([30]);
  });

  test('few are left: the engine is not asked', async () => {
    for (const passes of [(slot: number) => slot % 97 === 0, (slot: number) => slot === 77, () => false]) {
      const engine = new Recorder();
      await searchWith(engine, 10, maskOf(passes));
      expect(engine.asked).toEqual([]);
    }
  });

  test('a filter that takes the nearest away: wider, then exactly', async () => {
    await ready;
    const nearest = new Set(scan.search(query, 200, everything.words).slots);
    const engine = new Recorder();
    await searchWith(
      engine,
      2,
      maskOf((slot) => !nearest.has(slot)),
    );
    expect(engine.asked.length).toBeGreaterThan(1);
    const blind = new Recorder(ROWS, true, 1);
    await searchWith(blind, 2, everything);
    expect(blind.asked).toEqual([2, 8, 32, 128]);
  });

  test('slots that the engine does not cover, and scores that are not exact', async () => {
    for (const engine of [new Recorder(19_001), new Recorder(0), new Recorder(ROWS, false)]) {
      await searchWith(engine, 10, everything);
      await searchWith(
        engine,
        10,
        maskOf((slot) => slot % 3 !== 0),
      );
      expect(engine.asked.length).toBeGreaterThan(0);
    }
  });

  test('equal scores come in order of id', async () => {
    const two = new Recorder();
    const swapped: Engine = Object.assign(Object.create(two) as Engine, {
      search: () => ({ slots: Int32Array.of(9, 5, 7, 2), scores: Float32Array.of(3, 1, 1, 1) }),
    });
    const found = await maskedSearch(
      { engine: swapped, used: ROWS, ids, scan: () => Promise.resolve(scan) },
      query,
      4,
      everything,
    );
    expect([...found.slots]).toEqual([9, 2, 5, 7]);
  });
});

test('small sets are scanned', () => {
  const few = { words: new Uint32Array(32), count: 1_000 };
  expect(candidates(10, few, 1_000)).toBeUndefined();
});
