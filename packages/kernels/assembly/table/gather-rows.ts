/** Copies the rows named by `ids` to `out`, `stride` bytes each. */
export function gatherRows(values: usize, ids: usize, out: usize, count: i32, stride: usize): void {
  const packed = stride & ~15;
  for (let row: i32 = 0; row < count; row++) {
    const from = values + (load<u32>(ids) as usize) * stride;
    let i: usize = 0;
    for (; i < packed; i += 16) v128.store(out + i, v128.load(from + i));
    for (; i < stride; i += 4) store<f32>(out + i, load<f32>(from + i));
    out += stride;
    ids += 4;
  }
}
