/** Copies `count` rows of `values` to `out`, row r starting at r * stride. */
export function copyRows(
  values: Float32Array,
  dimensions: number,
  ids: Int32Array,
  count: number,
  out: Float32Array,
  stride: number,
): void {
  for (let row = 0; row < count; row++) {
    const from = ids[row] * dimensions;
    const to = row * stride;
    for (let i = 0; i < dimensions; i++) out[to + i] = values[from + i];
  }
}
