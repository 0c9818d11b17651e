import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { ItemFilter } from '../src/engine/item-filter.js';
import { ItemPlaces, placesFor } from '../src/engine/nearby.js';
import type { Near } from '../src/engine/question.js';

const degrees = (bound: number) => fc.double({ min: -bound, max: bound, noNaN: true });
const place = fc.record({ lat: degrees(90), lon: degrees(180) });

/** The haversine formula. */
function kilometres(a: { lat: number; lon: number }, b: { lat: number; lon: number }): number {
  const radians = (value: number) => (value * Math.PI) / 180;
  const [dLat, dLon] = [radians(b.lat - a.lat), radians(b.lon - a.lon)];
  const half =
    Math.sin(dLat / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half)));
}

const placesOf = (rows: readonly { lat: number; lon: number }[]) =>
  ItemPlaces.of({ lat: rows.map(({ lat }) => lat), lng: rows.map(({ lon }) => lon) })!;

describe('where items are', () => {
  test('what lies within a radius is what the haversine formula says, over the poles and the date line too', () => {
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 20 }),
        place,
        fc.double({ min: 0.001, max: 20_038, noNaN: true }),
        (rows, from, radiusKm) => {
          const distances = rows.map((row) => kilometres(row, from));
          // 0, 0 is where maps put what they cannot find, and both at -1 what some sets do not know.
          fc.pre(distances.every((distance) => Math.abs(distance - radiusKm) > 0.01));
          fc.pre(rows.every(({ lat, lon }) => lat !== lon));
          const near = { ...from, radiusKm };
          const within = rows.flatMap((_, row) => (distances[row] < radiusKm ? [row] : []));
          expect(Array.from(placesOf(rows).within(near)!)).toEqual(within);
          const odd = Float64Array.from(rows.keys()).filter((row) => row % 2 === 1);
          expect(Array.from(placesOf(rows).within(near, odd)!)).toEqual(
            within.filter((row) => row % 2 === 1),
          );
          placesOf(rows)
            .distances(near)
            .forEach((distance, row) => expect(Math.abs(distance - distances[row])).toBeLessThan(0.01));
        },
      ),
    );
  });

  const items = placesOf([
    { lat: 48.2, lon: 16.4 },
    { lat: 48.21, lon: 16.4 },
    { lat: -1, lon: -1 },
    { lat: 0, lon: 0 },
    { lat: 16.4, lon: 148.2 },
  ]);
  const centre = { lat: 48.2, lon: 16.4 };

  test('an unknown place is within no radius, and counts as the farthest one where distance counts', () => {
    expect(Array.from(items.within({ ...centre, radiusKm: 20_000 })!)).toEqual([0, 1, 4]);
    expect(items.within(centre)).toBeUndefined();
    const best = { items: [2, 1, 0], scores: [3, 2, 1] };
    expect(items.rank(best, centre)).toEqual(best);
    const ranked = items.rank(best, { ...centre, decay: 10 });
    expect(ranked.items).toEqual([0, 2, 1]);
    expect(ranked.scores[0]).toBe(1);
    const farthest = 10 * Math.log1p(kilometres(centre, { lat: 48.21, lon: 16.4 }));
    expect(ranked.scores[1]).toBeCloseTo(3 - farthest, 4);
    expect(ranked.scores[2]).toBeCloseTo(2 - farthest, 4);
  });

  test.each([
    [{ lat: 116.4, lon: 48.2 }, 'latitude and longitude seem to be swapped'],
    [{ lat: NaN, lon: 0 }, 'near.lat must be degrees from -90 to 90'],
    [{ lat: 0, lon: 181 }, 'near.lon must be degrees from -180 to 180'],
    [{ ...centre, radiusKm: 0 }, 'near.radiusKm must be kilometres, above 0'],
    [{ ...centre, radiusKm: 30_000 }, 'at most 20038'],
    [{ ...centre, decay: -1 }, 'near.decay must be a number from 0'],
  ] satisfies [Near, string][])('%j is refused', (near, message) => {
    expect(() => placesFor(near, items)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', message: expect.stringContaining(message) }),
    );
  });

  test('a catalog without coordinates is said to have none', async () => {
    const filter = await ItemFilter.of({ training_count: [2, 1], lat: ['a', 'b'] });
    await expect(filter.allowed({ near: centre, history: [] })).rejects.toMatchObject({ code: 'NO_PLACES' });
    await filter.close();
  });
});
