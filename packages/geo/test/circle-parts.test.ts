import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import clipping from 'polygon-clipping';

import { areaInCircle, lengthInCircle, squaredDistance } from '../src/measure/circle-parts.js';

const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
const segment = fc.tuple(coordinate, coordinate, coordinate, coordinate);

test('the length of a segment in a circle, by sampling', () => {
  fc.assert(
    fc.property(segment, fc.double({ min: 0.1, max: 3, noNaN: true }), ([ax, ay, bx, by], radius) => {
      const steps = 4000;
      let inside = 0;
      for (let k = 0; k < steps; k++) {
        const t = (k + 0.5) / steps;
        if (Math.hypot(ax + t * (bx - ax), ay + t * (by - ay)) < radius) inside++;
      }
      const whole = Math.hypot(bx - ax, by - ay);
      const length = lengthInCircle(ax, ay, bx, by, radius);
      expect(Math.abs(length - (whole * inside) / steps)).toBeLessThan((2 * whole) / steps + 1e-9);
    }),
    { numRuns: 300 },
  );
});

test('the distance of a segment, by sampling', () => {
  fc.assert(
    fc.property(segment, ([ax, ay, bx, by]) => {
      let least = Infinity;
      for (let k = 0; k <= 2000; k++)
        least = Math.min(least, Math.hypot(ax + (k / 2000) * (bx - ax), ay + (k / 2000) * (by - ay)));
      expect(Math.sqrt(squaredDistance(ax, ay, bx, by))).toBeCloseTo(least, 2);
      expect(Math.sqrt(squaredDistance(ax, ay, bx, by))).toBeLessThanOrEqual(least + 1e-9);
    }),
    { numRuns: 200 },
  );
});

describe('the area of a ring in a circle', () => {
  const inCircle = (ring: readonly (readonly number[])[], radius: number) =>
    ring.reduce((sum, [bx, by], k) => {
      const [ax, ay] = ring.at(k - 1)!;
      return sum + areaInCircle(ax, ay, bx, by, radius);
    }, 0);

  const SIDES = 2000;
  const circle = (radius: number): [number, number][] =>
    Array.from({ length: SIDES }, (_, k) => {
      const angle = (2 * Math.PI * k) / SIDES;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });
  const areaOf = (rings: readonly (readonly (readonly number[])[])[]) =>
    Math.abs(
      rings.reduce(
        (sum, ring) =>
          sum +
          ring.reduce((part, [bx, by], k) => {
            const [ax, ay] = ring.at(k - 1)!;
            return part + (ax * by - ay * bx) / 2;
          }, 0),
        0,
      ),
    );

  test('as polygon-clipping has it with a polygon of 2,000 sides for the circle', () => {
    // A star around a point of its own: a simple ring, against the clock.
    const star = fc
      .tuple(
        ...[coordinate, coordinate],
        fc.array(fc.double({ min: 0.05, max: 3, noNaN: true }), { minLength: 3, maxLength: 12 }),
      )
      .map(([x, y, radii]) =>
        radii.map((radius, k): [number, number] => {
          const angle = (2 * Math.PI * k) / radii.length;
          return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
        }),
      );
    fc.assert(
      fc.property(star, fc.double({ min: 0.2, max: 3, noNaN: true }), (ring, radius) => {
        const expected = clipping
          .intersection([ring], [circle(radius)])
          .reduce((sum, polygon) => sum + areaOf(polygon), 0);
        expect(Math.abs(inCircle(ring, radius) - expected)).toBeLessThan(1e-5 * radius * radius + 1e-9);
      }),
      { numRuns: 60 },
    );
  });

  test('a ring around the circle holds all of it, one beside it nothing, the clock gives the sign', () => {
    const square = (half: number, x = 0): [number, number][] => [
      [x - half, -half],
      [x + half, -half],
      [x + half, half],
      [x - half, half],
    ];
    expect(inCircle(square(5), 2)).toBeCloseTo(4 * Math.PI, 12);
    expect(inCircle(square(5).reverse(), 2)).toBeCloseTo(-4 * Math.PI, 12);
    expect(inCircle(square(5, 8), 2)).toBeCloseTo(0, 12);
    expect(inCircle(square(5, 5), 2)).toBeCloseTo(2 * Math.PI, 12); // an edge through the center
    expect(inCircle(square(1, 1), 9)).toBeCloseTo(4, 12); // a corner at a coordinate of the center
  });
});
