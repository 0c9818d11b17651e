import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import {
  coordinatesOf,
  encodeLocations,
  locationEncoding,
  placesOf,
  type Coordinates,
} from '../src/index.js';

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Kilometres on the ground, by the haversine formula. */
function distance(a: Coordinates, b: Coordinates): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (x: number) => Math.sin(x / 2) ** 2;
  const h =
    half(radians(b.latitude - a.latitude)) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(radians(b.longitude - a.longitude));
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

const somewhere = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

describe('locations', () => {
  test('inner products are the kernel of the distance on the ground, anywhere on the globe', () => {
    const encoding = locationEncoding({ latitude: 'lat', longitude: 'lon', lengths: [2], waves: 2048 });
    const near = fc.tuple(somewhere, fc.double({ min: -0.03, max: 0.03, noNaN: true }), fc.double({ min: -0.03, max: 0.03, noNaN: true })); // prettier-ignore
    fc.assert(
      fc.property(near, ([a, north, east]) => {
        const b = {
          latitude: Math.max(-90, Math.min(90, a.latitude + north)),
          // Over the date line, too.
          longitude: ((a.longitude + east + 540) % 360) - 180,
        };
        const rows = encodeLocations([a, b], encoding);
        const kernel = Math.exp(-(distance(a, b) ** 2) / (2 * 2 ** 2));
        expect(Math.abs(dot(rows.row(0), rows.row(1)) - kernel)).toBeLessThan(0.09);
        expect(dot(rows.row(0), rows.row(0))).toBeCloseTo(1, 5);
      }),
      { numRuns: 60 },
    );
  });

  test('several lengths are averaged, and what is not known is zeros', () => {
    const encoding = locationEncoding({ latitude: 'lat', longitude: 'lon', lengths: [1, 20], waves: 1024 });
    const [a, b] = [
      { latitude: 48.8584, longitude: 2.2945 },
      { latitude: 48.8738, longitude: 2.295 },
    ];
    const rows = encodeLocations([a, null, b], encoding);
    const km = distance(a, b); // 1.7
    const kernel = (Math.exp(-(km ** 2) / 2) + Math.exp(-(km ** 2) / 800)) / 2;
    expect(Math.abs(dot(rows.row(0), rows.row(2)) - kernel)).toBeLessThan(0.05);
    expect(Array.from(rows.row(1)).every((value) => value === 0)).toBe(true);
    expect(encodeLocations([a], encoding)).toEqual(encodeLocations([a], encoding));
  });

  test('says what is no place, and what is not known', () => {
    expect(coordinatesOf(0, 0)).toBeNull();
    expect(coordinatesOf(null, 3)).toBeNull();
    expect(coordinatesOf(-1, -1, { unknown: -1 })).toBeNull();
    expect(coordinatesOf(-1, -1)).toEqual({ latitude: -1, longitude: -1 });
    expect(coordinatesOf(101.7, 3.1)).toContain('swapped');
    expect(coordinatesOf(300, 3.1)).toContain('beyond 90');
    expect(coordinatesOf(3.1, 181)).toContain('beyond 180');
    const encoding = locationEncoding({ latitude: 'lat', longitude: 'lon' });
    expect(() => placesOf([3, 101.7], [101.7, 3], encoding, (row) => `item ${row}`)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', message: expect.stringContaining('item 1') as unknown }),
    );
    for (const bad of [{ lengths: [] }, { lengths: [0] }, { lengths: [NaN] }, { waves: 0 }])
      expect(() => locationEncoding({ latitude: 'lat', longitude: 'lon', ...bad })).toThrow(
        expect.objectContaining({ code: 'BAD_OPTION' }),
      );
  });
});
