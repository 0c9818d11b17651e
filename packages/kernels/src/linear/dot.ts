type Floats = Float32Array | Float64Array;

/**
 * The dot product of two vectors within larger arrays, summed in float64 in four lanes.
 *
 * @param fromA where the first vector begins, 0 by default; `fromB` the same for the second
 * @param length of both vectors, that of `a` by default
 *
 * @example
 * ```ts
 * dot(Float32Array.of(1, 2), Float32Array.of(3, 4)); // 11
 * ```
 */
export function dot(a: Floats, b: ArrayLike<number>, fromA = 0, fromB = 0, length = a.length): number {
  let [w, x, y, z, i] = [0, 0, 0, 0, 0];
  for (; i + 3 < length; i += 4) {
    w += a[fromA + i] * b[fromB + i];
    x += a[fromA + i + 1] * b[fromB + i + 1];
    y += a[fromA + i + 2] * b[fromB + i + 2];
    z += a[fromA + i + 3] * b[fromB + i + 3];
  }
  for (; i < length; i++) w += a[fromA + i] * b[fromB + i];
  return w + x + (y + z);
}
