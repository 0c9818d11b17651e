import { beforeAll, describe, expect, test } from '@jest/globals';

import type { Filter, VectorIndex } from '../../src/index.js';
import { D, type Fixture } from './fixture.js';
import { type Item, ranked } from './vectors.js';

/** Nearest items, with and without filters. */
export function searches({ all, few, queries, size, filled, expectAnswers }: Fixture): void {
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
}
