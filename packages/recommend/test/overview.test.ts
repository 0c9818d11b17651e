import { describe, expect, test } from '@jest/globals';
import { CsrMatrix, TowerkitError, Vocabulary } from '@towerkit/core';

import { ItemPlaces, itemPlane, kindColumns, overviewItems, overviewOf } from '../src/index.js';

const catalog = {
  id: ['a', 'b', 'c', 'd'],
  title: ['A', 'B', null, 'D'],
  group: ['x', 'x', 'y', 'y'],
  category: ['fruit', 'tree', 'fruit', ''],
  code: ['1', '1', '2', '2'],
  price: [3, null, 1, 2],
  lat: ['48.2', '48.3', '0', 'north'],
  lon: ['16.4', '16.3', '0', '16'],
  training_count: [1, 4, 4, 0],
};
const tables = {
  items: new Vocabulary(catalog.id),
  users: new Vocabulary(['few', 'fit', 'other']),
  titles: catalog.title,
  catalog,
  counts: Int32Array.from(catalog.training_count),
  histories: new CsrMatrix(3, 4, Int32Array.of(0, 1, 5, 9), Int32Array.of(0, 0, 1, 2, 3, 3, 2, 1, 0)),
};

describe('an overview', () => {
  test('tells items by how often they were had, with kind, place on the plane and on the globe', () => {
    const items = overviewItems(tables.counts);
    expect(items).toEqual([1, 2, 0, 3]);
    const plane = { coordinates: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shown: 0.5 };
    const overview = overviewOf(tables, items, plane, 4);
    expect(overview.items).toEqual([
      { id: 'b', title: 'B', count: 4, kind: 'tree', x: 1, y: 2, latitude: 48.3, longitude: 16.3 },
      { id: 'c', count: 4, kind: 'fruit', x: 3, y: 4 }, // 0 and 0 stand for a place that is not known
      { id: 'a', title: 'A', count: 1, kind: 'fruit', x: 5, y: 6, latitude: 48.2, longitude: 16.4 },
      { id: 'd', title: 'D', count: 0, x: 7, y: 8 },
    ]);
    expect(overview).toMatchObject({ numbers: [{ name: 'price', least: 1, largest: 3 }], shown: 0.5 });
    // One item is too little to say who somebody is.
    expect(overview.users.map(({ id, items: had }) => [id, had])).toEqual([
      ['fit', 4],
      ['other', 4],
    ]);
    expect(overview.users[0].latest.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(overviewOf(tables, items, undefined, 1)).not.toHaveProperty('shown');
  });

  test('a category first; no numbers that are kept as text, no column in which all differ', () => {
    expect(kindColumns({ ...catalog, color: ['r', 'g', 'b', 'w'] }, [0, 1, 2, 3])).toEqual([
      {
        name: 'category',
        values: [
          { value: 'fruit', items: 2 },
          { value: 'tree', items: 1 },
        ],
      },
      {
        name: 'group',
        values: [
          { value: 'x', items: 2 },
          { value: 'y', items: 2 },
        ],
      },
    ]);
  });

  test('coordinates that are kept as text are places for `near`, too', () => {
    const distances = ItemPlaces.of(catalog)!.distances({ lat: 48.2, lon: 16.4 });
    expect(distances[0]).toBeCloseTo(0, 6);
    expect(distances[1]).toBeGreaterThan(10);
    expect([distances[2], distances[3]]).toEqual([NaN, NaN]);
  });
});

test('on the plane items of alike directions are near, however long their vectors', () => {
  const vectors = [
    [1, 0, 0],
    [9, 0.1, 0],
    [0, 1, 0],
    [0, 5, 0.1],
    [0, 0, 2],
  ].map((vector) => Float32Array.from(vector));
  const { coordinates, shown } = itemPlane({ vectorOf: (item) => vectors[item] }, [0, 1, 2, 3, 4])!;
  const distance = (a: number, b: number) =>
    Math.hypot(coordinates[2 * a] - coordinates[2 * b], coordinates[2 * a + 1] - coordinates[2 * b + 1]);
  expect(distance(0, 1)).toBeLessThan(0.1);
  expect(distance(2, 3)).toBeLessThan(0.1);
  expect(distance(0, 2)).toBeGreaterThan(1);
  expect(shown).toBeGreaterThan(0.9);
  const none = {
    vectorOf: (): Float32Array => {
      throw new TowerkitError('NO_VECTORS', 'none');
    },
  };
  expect(itemPlane(none, [0, 1, 2])).toBeUndefined();
});
