import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Matrix } from '@towerkit/core';
import { createHash } from 'node:crypto';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  type Filter,
  type IndexOptions,
  loadIndex,
  type Neighbors,
  type VectorIndex,
} from '../../src/index.js';
import { parseManifest, printManifest } from '../../src/files/manifest.js';
import { clustered, columnsOf, type Item, itemsOf, ranked } from './vectors.js';

/** What the suite needs of a driver. */
export interface Conformance {
  create(options: IndexOptions): Promise<VectorIndex>;
  /** Opens a saved index; `loadIndex` by default. */
  load?(path: string): Promise<VectorIndex>;
  /** Recall to be reached on average, 1 for exact drivers. */
  readonly recall: number;
  /** Items of the large set, 6,000 by default: enough that an approximate driver uses its graph. */
  readonly items?: number;
}

const D = 24;

/** The tests that every driver passes. */
export function conformance(
  name: string,
  { create, load = loadIndex, recall: wantedRecall, items: size = 6_000 }: Conformance,
): void {
  describe(`${name} as a VectorIndex`, () => {
    const opened: VectorIndex[] = [];
    let folder: string;
    beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'towerkit-index-'))));
    afterAll(async () => {
      await Promise.all(opened.map((index) => index.close()));
      await rm(folder, { recursive: true, force: true });
    });

    const keep = (index: VectorIndex) => {
      opened.push(index);
      return index;
    };
    const open = async (options: Partial<IndexOptions> = {}) =>
      keep(await create({ dimensions: D, ...options }));
    const filled = async (items: readonly Item[], options: Partial<IndexOptions> = {}) => {
      const index = await open(options);
      const { vectors, ids, attributes } = columnsOf(items);
      await index.build(vectors, { ids, attributes });
      return index;
    };

    const queries = clustered(30, D, 99);
    const all = itemsOf(clustered(size, D));
    const few = all.slice(0, 200);

    /** Answers hold what is allowed, with its right score, in order, and enough of the best. */
    async function expectAnswers(
      index: VectorIndex,
      items: readonly Item[],
      { k = 10, filter, cosine = false }: { k?: number; filter?: Filter; cosine?: boolean } = {},
    ): Promise<void> {
      let hits = 0;
      let most = 0;
      const batch = await index.searchBatch(queries, k, { filter });
      expect(batch).toHaveLength(queries.rows);
      for (let q = 0; q < queries.rows; q++) {
        const wanted = ranked(items, queries.row(q), cosine);
        const scoreOf = new Map(wanted.map(({ id, score }) => [id, score]));
        for (const answer of [await index.search(queries.row(q), k, { filter }), batch[q]]) {
          expectWhole(answer, Math.min(k, items.length), scoreOf);
          // An item whose score equals that of the last place up to rounding counts as well.
          const last = wanted[Math.min(k, items.length) - 1]?.score ?? 0;
          hits += [...answer.ids].filter((id) => scoreOf.get(id)! >= last - 1e-5).length;
          most += Math.min(k, items.length);
        }
      }
      expect(most === 0 ? 1 : hits / most).toBeGreaterThanOrEqual(wantedRecall);
    }

    function expectWhole({ ids, scores }: Neighbors, k: number, scoreOf: ReadonlyMap<number, number>): void {
      expect(ids).toHaveLength(k);
      expect(scores).toHaveLength(k);
      expect(new Set(ids).size).toBe(k);
      for (let i = 0; i < k; i++) {
        expect(scoreOf.has(ids[i])).toBe(true);
        expect(Math.abs(scores[i] - scoreOf.get(ids[i])!)).toBeLessThan(1e-5);
        if (i > 0) expect(scores[i]).toBeLessThanOrEqual(scores[i - 1]);
        if (i > 0 && scores[i] === scores[i - 1]) expect(ids[i]).toBeGreaterThan(ids[i - 1]);
      }
    }

    describe('searches', () => {
      let index: VectorIndex;
      beforeAll(async () => void (index = await filled(all)));

      test('the nearest, one by one and in a batch', async () => {
        expect(index.size).toBe(size);
        await expectAnswers(index, all);
      });

      test('allow and deny lists', async () => {
        const ids = all.map(({ id }) => id);
        const half = ids.filter((_, i) => i % 2 === 0);
        const [a, b, c] = [new Set(half), new Set(ids.slice(0, 60)), new Set(ids.slice(40))];
        await expectAnswers(
          index,
          all.filter(({ id }) => a.has(id)),
          { filter: { allow: half } },
        );
        await expectAnswers(
          index,
          all.filter(({ id }) => !a.has(id)),
          { filter: { deny: half } },
        );
        await expectAnswers(
          index,
          all.filter(({ id }) => b.has(id) && c.has(id)),
          {
            filter: { allow: [...b], deny: [...ids].filter((id) => !c.has(id)) },
          },
        );
        const [best] = ranked(all, queries.row(0));
        const seen = Float64Array.of(best.id, 123_456_789);
        const { ids: left } = await index.search(queries.row(0), 10, { filter: { deny: seen } });
        expect([...left]).not.toContain(best.id);
      });

      test.each<[string, Filter['where'], (item: Item) => boolean]>([
        ['equality', { category: 'rpg' }, ({ category }) => category === 'rpg'],
        ['an order', { price: { lt: 100 } }, ({ price }) => price < 100],
        ['a range', { price: { gte: 200, lte: 210 } }, ({ price }) => price >= 200 && price <= 210],
        ['an order of strings', { category: { gt: 'puzzle' } }, ({ category }) => category > 'puzzle'],
        ['a set', { brand: { in: ['brand 1', null] } }, ({ brand }) => brand === 'brand 1' || brand === null],
        [
          'not a set',
          { brand: { nin: ['brand 1', null] } },
          ({ brand }) => brand !== 'brand 1' && brand !== null,
        ],
        ['null', { brand: null }, ({ brand }) => brand === null],
        ['not equal, null among them', { brand: { ne: 'brand 2' } }, ({ brand }) => brand !== 'brand 2'],
        ['an order of another type', { brand: { gt: 5 } }, () => false],
        [
          'joined',
          { any: [{ category: 'race', price: { gt: 900 } }, { not: { any: [{ price: { gte: 30 } }] } }] },
          ({ category, price }) => (category === 'race' && price > 900) || price < 30,
        ],
        ['of nothing', { all: [] }, () => true],
        ['any of nothing', { any: [] }, () => false],
      ])('a predicate: %s', async (_, where, meets) => {
        await expectAnswers(index, all.filter(meets), { filter: { where } });
      });

      test('k items come wherever k exist, however few are let through', async () => {
        for (const share of [0.1, 0.01, 0.001]) {
          const some = all.filter((_, i) => i % Math.round(1 / share) === 3);
          await expectAnswers(index, some, { k: 5, filter: { allow: some.map(({ id }) => id) } });
        }
        // The filter that hurts a graph most: the farthest items alone.
        const far = ranked(all, queries.row(0))
          .slice(-40)
          .map(({ id }) => id);
        const { ids } = await index.search(queries.row(0), 10, { filter: { allow: far } });
        expect(ids).toHaveLength(10);
      });

      test('k larger than what is there', async () => {
        expect((await index.search(queries.row(0), size + 50)).ids).toHaveLength(size);
        const ids = few.map(({ id }) => id);
        await expectAnswers(index, few, { k: 1_000, filter: { allow: ids } });
        expect((await index.search(queries.row(0), 10, { filter: { allow: [] } })).ids).toHaveLength(0);
      });

      test('what it says of itself', async () => {
        const stats = await index.stats();
        expect(stats).toMatchObject({ driver: index.driver, size, dimensions: D, metric: 'ip' });
        expect(stats.bytes).toBeGreaterThan(0);
        expect(JSON.parse(JSON.stringify(stats.settings))).toEqual(stats.settings);
      });

      test('saved and loaded: the same answers, and changes after that', async () => {
        const path = join(folder, 'saved');
        await index.save(path);
        await index.save(path); // in place of the first
        const other = keep(await load(path));
        expect(other).toMatchObject({ driver: index.driver, size, dimensions: D, metric: 'ip' });
        await expectAnswers(other, all);
        await expectAnswers(
          other,
          all.filter(({ price }) => price < 50),
          { filter: { where: { price: { lt: 50 } } } },
        );
        const more = itemsOf(clustered(50, D, 3), 1_000_000);
        const { vectors, ids, attributes } = columnsOf(more);
        await other.remove(few.map(({ id }) => id));
        await other.add(vectors, { ids, attributes });
        await expectAnswers(other, [...all.slice(200), ...more]);
      });
    });

    test('the cosine, whatever the lengths', async () => {
      const items = few.map((item, i) => ({ ...item, vector: item.vector.map((x) => x * (1 + (i % 9))) }));
      const index = await filled([{ ...all[300], vector: new Float32Array(D) }, ...items], {
        metric: 'cosine',
      });
      await expectAnswers(index, [{ ...all[300], vector: new Float32Array(D) }, ...items], {
        cosine: true,
        k: 201,
      });
      expect(index.metric).toBe('cosine');
    });

    test('equal scores come in order of id', async () => {
      const same = few.slice(0, 40).map((item) => ({ ...item, vector: few[0].vector }));
      const index = await filled(same);
      const { ids } = await index.search(few[0].vector, 7);
      expect([...ids]).toEqual(
        same
          .map(({ id }) => id)
          .sort((a, b) => a - b)
          .slice(0, 7),
      );
    });

    test('an empty index', async () => {
      const index = await open();
      expect(index.size).toBe(0);
      expect((await index.search(queries.row(0), 3)).ids).toHaveLength(0);
      expect(await index.searchBatch(new Matrix(0, D), 3)).toEqual([]);
      const path = join(folder, 'empty');
      await index.save(path);
      const other = keep(await load(path));
      expect(other.size).toBe(0);
      const { vectors, ids, attributes } = columnsOf(few);
      await other.add(vectors, { ids, attributes });
      await expectAnswers(other, few);
      await other.build(new Matrix(0, D));
      expect(other.size).toBe(0);
    });

    test('deletes, updates and additions without a build', async () => {
      const index = await filled(few);
      const gone = few.slice(20, 60).map(({ id }) => id);
      await index.remove(gone);
      await expectAnswers(index, [...few.slice(0, 20), ...few.slice(60)]);
      const moved = few
        .slice(0, 30)
        .map((item, i) => ({ ...item, vector: all[500 + i].vector, price: 5_000 + i }));
      const fresh = itemsOf(clustered(40, D, 8), 2_000_000);
      const { vectors, ids, attributes } = columnsOf([...moved, ...fresh]);
      await index.add(vectors, { ids, attributes });
      const now = [...moved, ...few.slice(60), ...fresh];
      expect(index.size).toBe(now.length);
      await expectAnswers(index, now);
      await expectAnswers(index, moved, { filter: { where: { price: { gte: 5_000, lt: 6_000 } } }, k: 50 });
      await index.compact?.();
      expect((await index.stats()).tombstones ?? 0).toBe(0);
      await expectAnswers(index, now);
      await expectAnswers(index, moved, { filter: { where: { price: { gte: 5_000, lt: 6_000 } } }, k: 50 });
    });

    test('calls that do not wait for each other', async () => {
      const index = await filled(few);
      const { vectors, ids, attributes } = columnsOf(all.slice(200, 300));
      await Promise.all([
        index.add(vectors, { ids, attributes }),
        index.search(queries.row(0), 10),
        index.searchBatch(queries, 10),
        index.remove([few[0].id]),
        index.add(columnsOf([few[0]]).vectors, { ids: [few[0].id] }),
        index.searchBatch(queries, 10),
      ]);
      await expectAnswers(index, all.slice(0, 300));
    });

    test('attributes that come later, and not at all', async () => {
      const index = await open();
      const { vectors, ids, attributes } = columnsOf(few.slice(0, 20));
      await index.build(vectors, { ids });
      await expect(
        index.search(queries.row(0), 1, { filter: { where: { price: 1 } } }),
      ).rejects.toMatchObject({
        code: 'BAD_FILTER',
      });
      const later = few.slice(20, 40);
      await index.add(columnsOf(later).vectors, {
        ids: later.map(({ id }) => id),
        attributes: { rare: later.map(() => true) },
      });
      await expectAnswers(index, later, { filter: { where: { rare: true } }, k: 30 });
      await expectAnswers(index, few.slice(0, 20), { filter: { where: { rare: null } }, k: 30 });
      await index.build(vectors, { ids, attributes });
      await expectAnswers(index, few.slice(0, 20), { filter: { where: { price: { gte: 0 } } }, k: 30 });
    });

    describe('bad input leaves it as it was', () => {
      let index: VectorIndex;
      beforeAll(async () => void (index = await filled(few)));
      const vector = (value: number) => new Matrix(1, D, new Float32Array(D).fill(value));
      const ids = [900_001];

      test.each<[string, string, () => Promise<unknown>]>([
        ['SHAPE_MISMATCH', 'a wrong width', () => index.add(new Matrix(1, D + 1), { ids })],
        ['SHAPE_MISMATCH', 'a wrong width to build', () => index.build(new Matrix(3, D - 1))],
        ['SHAPE_MISMATCH', 'a query of a wrong width', () => index.search(new Float32Array(D - 1), 1)],
        ['SHAPE_MISMATCH', 'queries of a wrong width', () => index.searchBatch(new Matrix(2, 1), 1)],
        ['SHAPE_MISMATCH', 'fewer ids than vectors', () => index.add(new Matrix(2, D), { ids })],
        ['SHAPE_MISMATCH', 'no ids to add', () => index.add(new Matrix(2, D), {} as never)],
        ['BAD_VECTOR', 'NaN', () => index.add(vector(NaN), { ids })],
        ['BAD_VECTOR', 'infinity to build', () => index.build(vector(Infinity))],
        ['BAD_VECTOR', 'a query of NaN', () => index.search(vector(NaN).data, 1)],
        ['BAD_VECTOR', 'a value whose square leaves float32', () => index.add(vector(1e20), { ids })],
        ['BAD_ID', 'a negative id', () => index.add(vector(1), { ids: [-1] })],
        ['BAD_ID', 'an id that is no integer', () => index.build(vector(1), { ids: [0.5] })],
        ['DUPLICATE_ID', 'an id twice', () => index.add(new Matrix(2, D), { ids: [7, 7] })],
        ['DUPLICATE_ID', 'an id twice to build', () => index.build(new Matrix(3, D), { ids: [7, 8, 7] })],
        ['DUPLICATE_ID', 'an id twice to remove', () => index.remove([few[0].id, few[0].id])],
        ['UNKNOWN_ID', 'an id that is not there', () => index.remove([few[1].id, 77_777_777])],
        ['BAD_ATTRIBUTE', 'too few values', () => index.add(vector(1), { ids, attributes: { price: [] } })],
        [
          'BAD_ATTRIBUTE',
          'a value of NaN',
          () => index.add(vector(1), { ids, attributes: { price: [NaN] } }),
        ],
        [
          'BAD_ATTRIBUTE',
          'a name that is taken',
          () => index.add(vector(1), { ids, attributes: { any: [1] } }),
        ],
        ['BAD_OPTION', 'k of 0', () => index.search(queries.row(0), 0)],
        ['BAD_OPTION', 'k of 1.5', () => index.searchBatch(queries, 1.5)],
        [
          'BAD_FILTER',
          'an unknown attribute',
          () => index.search(queries.row(0), 1, { filter: { where: { x: 1 } } }),
        ],
        [
          'BAD_FILTER',
          'an unknown operator',
          () => index.search(queries.row(0), 1, { filter: { where: { price: { like: 1 } as never } } }),
        ],
        [
          'BAD_FILTER',
          'a word for a filter',
          () => index.search(queries.row(0), 1, { filter: 'rpg' as never }),
        ],
        [
          'BAD_FILTER',
          'an unknown part',
          () => index.search(queries.row(0), 1, { filter: { but: [] } as never }),
        ],
        [
          'BAD_FILTER',
          'an id that is none',
          () => index.search(queries.row(0), 1, { filter: { deny: [NaN] } }),
        ],
      ])('%s: %s', async (code, _, call) => {
        await expect(call()).rejects.toMatchObject({ code });
        expect(index.size).toBe(few.length);
      });

      test('BAD_VECTOR names the row', async () => {
        const vectors = new Matrix(3, D);
        vectors.row(2)[5] = NaN;
        const failed = index.add(vectors, { ids: [1_000_001, 1_000_002, 1_000_003] });
        await expect(failed).rejects.toMatchObject({ code: 'BAD_VECTOR', details: { row: 2 } });
      });

      test('a build that is stopped', async () => {
        const signal = AbortSignal.abort(new Error('enough'));
        const { vectors } = columnsOf(few);
        await expect(index.build(vectors, { signal })).rejects.toThrow('enough');
      });

      test('BAD_OPTION: dimensions, a metric', async () => {
        for (const dimensions of [0, 1.5, 70_000])
          await expect(open({ dimensions })).rejects.toMatchObject({ code: 'BAD_OPTION' });
        await expect(open({ metric: 'l2' as never })).rejects.toMatchObject({ code: 'BAD_OPTION' });
      });

      afterAll(() => expectAnswers(index, few));
    });

    test('a saved index that is cut off, changed or gone', async () => {
      const index = await filled(few);
      const path = join(folder, 'broken');
      await index.save(path);
      for (const name of await readdir(path)) {
        const file = join(path, name);
        const bytes = await readFile(file);
        const changed = Uint8Array.from(bytes);
        changed[bytes.length >> 1] ^= 0x55;
        const damages: (() => Promise<void>)[] = [
          () => truncate(file, bytes.length >> 1),
          () => truncate(file, 0),
          () => appendFile(file, 'x'),
          () => writeFile(file, changed),
          () => rm(file),
        ];
        for (const damage of damages) {
          await damage();
          await expect(load(path)).rejects.toMatchObject({
            code: expect.stringMatching(
              name === 'index.json' ? /^(BAD_INDEX|INDEX_NOT_FOUND)$/ : /^BAD_INDEX$/,
            ),
          });
          await writeFile(file, bytes);
        }
      }
      await expectAnswers(keep(await load(path)), few);
      await expect(load(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'INDEX_NOT_FOUND' });
    });

    test('a manifest that is a folder, a link or no JSON, and a folder that leads nowhere', async () => {
      const index = await filled(few);
      const path = join(folder, 'strange');
      await index.save(path);
      const manifest = join(path, 'index.json');
      for (const put of [
        () => mkdir(manifest),
        () => symlink('index.json', manifest),
        () => symlink('/dev/zero', manifest),
        () => writeFile(manifest, '{"format": '),
        () => writeFile(manifest, 'null'),
      ]) {
        await rm(manifest, { recursive: true });
        await put();
        await expect(load(path)).rejects.toMatchObject({ code: 'BAD_INDEX' });
      }
      await symlink('loop', join(folder, 'loop'));
      await expect(load(join(folder, 'loop'))).rejects.toMatchObject({ code: 'BAD_INDEX' });
    });

    test('ids that are none, though the checksums fit', async () => {
      const index = await filled(few);
      const path = join(folder, 'ids');
      await index.save(path);
      const file = join(path, 'ids.f64');
      if (!(await readdir(path)).includes('ids.f64')) return; // a database keeps them
      const about = parseManifest(await readFile(join(path, 'index.json'), 'utf8'));
      const ids = new Float64Array(Uint8Array.from(await readFile(file)).buffer);
      for (const bad of [0.5, NaN, Infinity, -2, -Infinity, 2 ** 53, 5e-324, -1, ids[1]]) {
        const bytes = Buffer.from(Float64Array.from(ids, (id, slot) => (slot === 0 ? bad : id)).buffer);
        await writeFile(file, bytes);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const files = { ...about.files, 'ids.f64': { bytes: bytes.length, sha256 } };
        await writeFile(join(path, 'index.json'), printManifest({ ...about, files }));
        await expect(load(path)).rejects.toMatchObject({ code: 'BAD_INDEX' });
      }
      expect(index.largestId).toBe(Math.max(...few.map(({ id }) => id)));
    });

    test('CLOSED', async () => {
      const index = await filled(few);
      await index.close();
      await index.close();
      for (const call of [
        () => index.search(queries.row(0), 1),
        () => index.remove([few[0].id]),
        () => index.stats(),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'CLOSED' });
    });
  });
}
