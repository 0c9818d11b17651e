import { describe, expect, test } from '@jest/globals';
import { isTowerkitError } from '@towerkit/core';
import fc from 'fast-check';

import { placeFeatures, readMap } from '../src/index.js';
import { moved, withFile } from './map-file.js';
import { blob, pbfFile, type PbfContent } from './write-pbf.js';

const HERE = { lat: 52.5, lon: 13.4 };

/** A point for each corner, 10 m apart: node 100 * row + column. */
const nodeAt = (column: number, row: number) => 100 * row + column + 1;
const GRID = Array.from({ length: 21 * 21 }, (_, k) => {
  const [column, row] = [k % 21, Math.floor(k / 21)];
  const [lon, lat] = moved(HERE, 10 * column - 100, 10 * row - 100);
  return { id: nodeAt(column, row), lon, lat };
});
const box = (west: number, south: number, east: number, north: number) => [
  nodeAt(west, south),
  nodeAt(east, south),
  nodeAt(east, north),
  nodeAt(west, north),
  nodeAt(west, south),
];

const TOWN: PbfContent = {
  box: [13.3, 13.5, 52.6, 52.4],
  nodes: [
    ...GRID,
    { id: 9000, ...HERE, tags: { shop: 'bakery', name: 'Bäcker' } },
    { id: 9001, lon: 13.4, lat: 52.49, tags: { highway: 'bus_stop' } },
  ],
  ways: [
    { id: 1, refs: [nodeAt(0, 10), nodeAt(20, 10)], tags: { highway: 'residential' } },
    { id: 2, refs: box(10, 10, 12, 11), tags: { building: 'yes' } },
    { id: 3, refs: [nodeAt(0, 0), nodeAt(10, 0), nodeAt(10, 10)], tags: {} },
    { id: 4, refs: [nodeAt(0, 0), nodeAt(0, 10), nodeAt(10, 10)], tags: {} },
    { id: 5, refs: box(2, 2, 4, 4), tags: {} },
    // Node 1 to 4 m is missing: the line is cut there.
    {
      id: 6,
      refs: [nodeAt(0, 5), nodeAt(5, 5), 777_777, nodeAt(10, 5), nodeAt(12, 5)],
      tags: { railway: 'tram' },
    },
    { id: 7, refs: [nodeAt(1, 1), nodeAt(3, 1), 777_777, nodeAt(1, 1)], tags: { building: 'yes' } },
    { id: 8, refs: [nodeAt(1, 1), nodeAt(3, 1), nodeAt(5, 5)], tags: { building: 'yes' } },
    {
      id: 9,
      refs: [nodeAt(14, 14), nodeAt(16, 16), nodeAt(16, 14), nodeAt(14, 16), nodeAt(14, 14)],
      tags: { building: 'bow tie' },
    },
  ],
  relations: [
    {
      id: 1,
      tags: { type: 'multipolygon', natural: 'water' },
      members: [
        { id: 4, role: 'outer' },
        { id: 3, role: 'outer' },
        { id: 5, role: 'inner' },
        { id: 9000, role: 'label', type: 0 },
      ],
    },
    { id: 2, tags: { type: 'multipolygon', landuse: 'grass' }, members: [{ id: 4, role: 'outer' }] },
    { id: 3, tags: { type: 'multipolygon', landuse: 'grass' }, members: [{ id: 44, role: 'outer' }] },
    { id: 4, tags: { type: 'route', natural: 'water' }, members: [{ id: 5, role: '' }] },
  ],
};

const read = (content: PbfContent, options = {}) =>
  withFile('town.osm.pbf', pbfFile(content), (path) => readMap(path, options));

describe('a small town', () => {
  test('points, ways and relations have their measures', async () => {
    const map = await read(TOWN);
    expect(map.counts()).toMatchObject({
      ...{ pois: 1, transport: 1, roads: 1, railways: 1, buildings: 2, water: 1, landuse: 0 },
    });
    // Two relations lack a way, a building a node; one building is no ring; one crosses itself.
    expect(map.leftOut).toEqual({ incomplete: 3, broken: 1, repaired: 1 });
    const { columns, cut } = await placeFeatures(map, [HERE], { radii: [50, 300] });
    expect(cut).toBe(0);
    expect(columns.roads_50m_len[0]).toBeCloseTo(100, 0);
    expect(columns.roads_300m_len[0]).toBeCloseTo(200, 0);
    expect(columns.railways_300m_len[0]).toBeCloseTo(50 + 20, 0);
    expect(columns.buildings_300m_area[0]).toBeCloseTo(200 + 200, 0);
    expect(columns.water_300m_area[0]).toBeCloseTo(100 * 100 - 400, -1);
    expect(columns.water_50m_area[0]).toBeCloseTo((Math.PI * 2500) / 4, 0); // a corner at the place
  });

  const everything = async (content: PbfContent, options = {}) => {
    const map = await read(content, options);
    return { map, features: (await placeFeatures(map, [HERE, { lat: 52.5005, lon: 13.401 }])).columns };
  };

  test.each<[string, PbfContent, object]>([
    ['blocks that are not compressed', { ...TOWN, compress: false }, {}],
    ['nodes one by one', { ...TOWN, plainNodes: true }, {}],
    ['nodes in no order', { ...TOWN, nodes: [...TOWN.nodes!].reverse() }, {}],
    ['nodes looked up for a few ways at a time', TOWN, { batchNodes: 1 }],
    ['what is near the places alone', TOWN, { around: { places: [HERE], metres: 700 } }],
  ])('%s give the same', async (_, content, options) => {
    const expected = await everything(TOWN);
    expect((await everything(content, options)).features).toEqual(expected.features);
  });

  test('what is far from the places is forgotten', async () => {
    const map = await read(TOWN, { around: { places: [HERE], metres: 500 } });
    expect(map.counts()).toMatchObject({ pois: 1, transport: 0, roads: 1 });
    await expect(placeFeatures(map, [HERE], { radii: [600] })).rejects.toThrow(/beyond the 500 m/);
  });

  test('without a box in its head it covers what its nodes cover', async () => {
    const map = await read({ ...TOWN, box: undefined });
    expect(map.extent!.south).toBeCloseTo(52.49, 6);
    expect(map.extent!.east).toBeCloseTo(moved(HERE, 100, 0)[0], 6);
  });
});

describe('a file that is not whole', () => {
  const bytes = pbfFile(TOWN);
  const codeOf = (content: Uint8Array) =>
    withFile('town.osm.pbf', content, (path) =>
      readMap(path).then(
        () => 'read',
        (error: unknown) => (isTowerkitError(error) ? error.code : String(error)),
      ),
    );

  test('cut off anywhere it is refused, but for the ends of blocks', async () => {
    const ends = new Set<number>();
    for (let at = 0; at < bytes.length;) {
      const length = bytes.readUInt32BE(at);
      const header = bytes.subarray(at + 4, at + 4 + length);
      const size =
        header.at(-1)! < 128 && header.at(-2) === 24
          ? header.at(-1)!
          : (header.at(-2)! & 127) + 128 * header.at(-1)!;
      at += 4 + length + size;
      ends.add(at);
    }
    expect(ends.has(bytes.length)).toBe(true);
    for (let size = 0; size < bytes.length; size += 7)
      if (!ends.has(size)) expect([size, await codeOf(bytes.subarray(0, size))]).toEqual([size, 'BAD_FILE']);
  });

  test('with bytes changed it is read or refused, and nothing else happens', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (changes, compress) => {
          const broken = Buffer.from(compress ? bytes : pbfFile({ ...TOWN, compress: false }));
          for (const [at, value] of changes) broken[at] = value;
          expect(['read', 'BAD_FILE']).toContain(await codeOf(broken));
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'another format',
      Buffer.from('<?xml version="1.0"?><osm></osm>'),
      /no block of an \.osm\.pbf file begins at byte 0/,
    ],
    [
      'history',
      pbfFile({ ...TOWN, features: ['OsmSchema-V0.6', 'HistoricalInformation'] }),
      /HistoricalInformation/,
    ],
    ['another compression', Buffer.concat(blob('OSMHeader', Buffer.from('x'), false, 7)), /not by zlib/],
    ['a node beyond the pole', pbfFile({ nodes: [{ id: 1, lon: 5, lat: 91 }] }), /latitude 91/],
  ])('%s is refused with the reason', async (_, content, message) => {
    const reading = withFile('town.osm.pbf', content, (path) => readMap(path));
    await expect(reading).rejects.toThrow(message);
    expect(await codeOf(content)).toBe('BAD_FILE');
  });

  test('a block that unpacks to more than the format allows is not unpacked', async () => {
    const bomb = Buffer.concat(blob('OSMHeader', new Uint8Array(40 * 1024 * 1024), true));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await codeOf(bomb)).toBe('BAD_FILE');
  });
});
