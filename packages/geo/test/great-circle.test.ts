import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import geodesic from 'geographiclib-geodesic';

import { centerOf, metresBetween, metresFrom, type Place } from '../src/index.js';

const place: fc.Arbitrary<Place> = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
});

test('distances are within .6% of those on the ellipsoid, and the same both ways', () => {
  fc.assert(
    fc.property(place, place, (one, other) => {
      const exact = geodesic.Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon).s12!;
      const metres = metresBetween(one, other);
      expect(Math.abs(metres - exact)).toBeLessThanOrEqual(0.006 * exact + 1e-6);
      expect(metresBetween(other, one)).toBeCloseTo(metres, 6);
      expect(metresFrom(one, [other.lat, one.lat], [other.lon, one.lon])).toEqual(Float64Array.of(metres, 0));
    }),
  );
});

test('what is not known is not near', () => {
  expect(metresBetween({ lat: 1, lon: 2 }, { lat: NaN, lon: 2 })).toBe(NaN);
  expect(metresBetween({ lat: 0, lon: 0 }, { lat: 0, lon: 180 })).toBeCloseTo(Math.PI * 6371008.8, 3);
});

test('the center of places that are close together is their mean, also across the date line', () => {
  const near = fc.array(fc.tuple(fc.double({ min: -0.01, max: 0.01, noNaN: true }), fc.double({ min: -0.01, max: 0.01, noNaN: true })), { minLength: 1, maxLength: 9 }); // prettier-ignore
  fc.assert(
    fc.property(near, fc.constantFrom(0, 60, 179.999), fc.constantFrom(0, 50, -30), (offsets, lon0, lat0) => {
      const wrapped = (lon: number) => (lon > 180 ? lon - 360 : lon);
      const places = offsets.map(([lon, lat]) => ({ lon: wrapped(lon0 + lon), lat: lat0 + lat }));
      const mean = (axis: number) => offsets.reduce((sum, offset) => sum + offset[axis], 0) / offsets.length;
      const center = centerOf(places)!;
      expect(metresBetween(center, { lon: wrapped(lon0 + mean(0)), lat: lat0 + mean(1) })).toBeLessThan(0.5);
    }),
  );
});

test('weights say how often; places all around the earth have no center', () => {
  const [a, b] = [
    { lat: 10, lon: 0 },
    { lat: 10.4, lon: 0 },
  ];
  expect(centerOf([a, b], [3, 1])!.lat).toBeCloseTo(10.1, 5);
  expect(centerOf([a, a, a, b])!.lat).toBeCloseTo(10.1, 5);
  expect(centerOf([])).toBeUndefined();
  expect(centerOf([{ lat: 0, lon: 0 }, { lat: 0, lon: 180 }])).toBeUndefined(); // prettier-ignore
});
