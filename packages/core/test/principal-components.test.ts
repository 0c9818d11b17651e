import { expect, test } from '@jest/globals';

import { Matrix, principalComponents, Rng } from '../src/index.js';

test('components of points on a plane in four dimensions: the plane, and all of the variance', () => {
  const rng = new Rng(3);
  const points = Array.from({ length: 200 }, () => [3 * rng.normal(), rng.normal()]);
  // Two directions at right angles, each of length 1.
  const data = points.flatMap(([a, b]) => [0.6 * a, 0.8 * a, b, 7]);
  const matrix = new Matrix(200, 4);
  matrix.data.set(data);
  const { coordinates, shares } = principalComponents(matrix, 3, new Rng(1));
  expect(shares[0]).toBeGreaterThan(0.8);
  expect(shares[0] + shares[1]).toBeCloseTo(1, 6);
  expect(shares[2]).toBeCloseTo(0, 6);
  // Distances of points are those on the plane.
  const distance = (i: number, j: number) =>
    Math.hypot(
      coordinates.data[i * 3] - coordinates.data[j * 3],
      coordinates.data[i * 3 + 1] - coordinates.data[j * 3 + 1],
    );
  for (const [i, j] of [
    [0, 1],
    [5, 90],
    [17, 150],
  ])
    expect(distance(i, j)).toBeCloseTo(
      Math.hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]),
      4,
    );
});

test('points that are all the same have no direction', () => {
  const { coordinates, shares } = principalComponents(new Matrix(5, 3), 2, new Rng(0));
  expect(Array.from(shares)).toEqual([0, 0]);
  expect(coordinates.data.every((value) => value === 0)).toBe(true);
  expect(() => principalComponents(new Matrix(5, 1), 2, new Rng(0))).toThrow(/no 2 components/);
});
