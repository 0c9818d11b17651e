import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { areaRings, isInside } from '../src/shapes/area-rings.js';
import { haveContacts } from '../src/shapes/contacts.js';
import { twiceArea, type Path } from '../src/shapes/path.js';

/** Rings on a coarse grid: they cross and touch themselves, and points fall together. */
const ring = fc
  .array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 3, maxLength: 12 })
  .map((points): Path => Float64Array.from([...points, points[0]].flatMap(([x, y]) => [x / 1e4, y / 1e4])));

/** How often a ring winds around a point. */
function winding(x: number, y: number, path: Path): number {
  let count = 0;
  for (let k = 2; k < path.length; k += 2) {
    const [ax, ay, bx, by] = path.subarray(k - 2, k + 2);
    if (ay <= y === by <= y) continue;
    if (x < ax + ((y - ay) / (by - ay)) * (bx - ax)) count += by > ay ? 1 : -1;
  }
  return count;
}

test('rings in order hold what the outer ones wind around, without the holes', () => {
  let [asked, given] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(ring, { minLength: 1, maxLength: 2 }),
      fc.array(ring, { maxLength: 1 }),
      (outers, holes) => {
        const found = areaRings(outers, holes);
        asked++;
        if (found) given++;
        if (found) expect(haveContacts(found.rings) && !found.repaired).toBe(false);
        for (let k = 0; k < 60; k++) {
          // Points off the grid and its diagonals.
          const [x, y] = [((k * 0.7548777) % 1) * 9e-4 + 1.3e-7, ((k * 0.5698403) % 1) * 9e-4 + 2.9e-7];
          const expected =
            outers.some((path) => winding(x, y, path) !== 0) &&
            !holes.some((path) => winding(x, y, path) !== 0);
          if (found)
            expect(found.rings.reduce((sum, path) => sum + winding(x, y, path), 0)).toBe(expected ? 1 : 0);
          else if (given === asked) expect(expected).toBe(false);
        }
        if (found) expect(found.rings.reduce((sum, path) => sum + twiceArea(path), 0)).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
  expect(given).toBeGreaterThan(0.8 * asked);
});

test('contacts of few edges and of many are the same ones', () => {
  const far = (count: number): Path =>
    Float64Array.from(
      Array.from({ length: count + 1 }, (_, k) => {
        const angle = (2 * Math.PI * (k % count)) / count;
        return [5 + Math.cos(angle), 5 + Math.sin(angle)];
      }).flat(),
    );
  fc.assert(
    fc.property(fc.array(ring, { minLength: 1, maxLength: 2 }), (rings) => {
      expect(haveContacts([...rings, far(60)])).toBe(haveContacts(rings));
    }),
    { numRuns: 300 },
  );
  expect(haveContacts([far(60)])).toBe(false);
});

test('a point is in a ring by the ray to its east', () => {
  const square = Float64Array.of(0, 0, 2, 0, 2, 2, 0, 2, 0, 0);
  expect([isInside(1, 1, square), isInside(3, 1, square), isInside(-1, 1, square)]).toEqual([
    true,
    false,
    false,
  ]);
});
