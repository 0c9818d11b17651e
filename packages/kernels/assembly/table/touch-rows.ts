/**
 * Brings rows of three arrays near: one load per cache line. WebAssembly has no prefetch, and rows picked at random
 * are misses; loads that nothing waits for overlap, where an update's own loads queue behind its divisions.
 *
 * @returns something made of all that was read, so that no compiler drops the loads
 */
export function touchRows(
  values: usize,
  first: usize,
  second: usize,
  ids: usize,
  count: i32,
  stride: usize,
): u32 {
  let seen: u32 = 0;
  for (let row: i32 = 0; row < count; row++) {
    const offset = (load<u32>(ids) as usize) * stride;
    for (let i: usize = 0; i < stride; i += 64) {
      seen |= load<u32>(values + offset + i);
      seen |= load<u32>(first + offset + i);
      seen |= load<u32>(second + offset + i);
    }
    ids += 4;
  }
  return seen;
}
