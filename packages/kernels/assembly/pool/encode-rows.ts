/** Rows of a block. */
const ROWS: i32 = 1024;

const TINY: f32 = 1e-30;

/**
 * Codes of rows for `searchCodes`, by blocks of 1,024: a scale of its largest value / 127, and the values in units of it,
 * rounded to the nearest.
 *
 * @param rows f32 [count, stride / 4] @param codes i8 [count, width] @param scales f32 [count]
 */
export function encodeRows(
  block: i32,
  _scratch: usize,
  count: i32,
  rows: usize,
  stride: usize,
  codes: usize,
  width: usize,
  scales: usize,
): void {
  const to = min(count, (block + 1) * ROWS);
  for (let r = block * ROWS; r < to; r++) {
    const row = rows + <usize>r * stride;
    const code = codes + <usize>r * width;
    let largest: f32 = 0;
    for (let i: usize = 0; i < stride; i += 4) largest = max(largest, abs(load<f32>(row + i)));
    if (largest < TINY) largest = 0; // its inverse would leave float32
    const units: f32 = largest > 0 ? 127 / largest : 0;
    for (let i: usize = 0; i < stride; i += 4)
      store<i8>(code + (i >> 2), <i8>nearest(load<f32>(row + i) * units));
    store<f32>(scales + ((<usize>r) << 2), largest / 127);
  }
}
