/**
 * The generator of `Rng` in core, draw for draw, on four words in memory: what a kernel draws from a state is what
 * the host would have drawn from it.
 */
export function uint32(state: usize): u32 {
  const a = load<u32>(state);
  const b = load<u32>(state, 4);
  const c = load<u32>(state, 8);
  const counter = load<u32>(state, 12);
  const t = a + b + counter;
  store<u32>(state, b ^ (b >> 9));
  store<u32>(state, c + (c << 3), 4);
  store<u32>(state, rotl<u32>(c, 21) + t, 8);
  store<u32>(state, counter + 1, 12);
  return t;
}

/** An integer in [0, bound) without bias (Lemire 2019). */
export function integer(state: usize, bound: u32): u32 {
  let product = <u64>uint32(state) * <u64>bound;
  if (<u32>product < bound) {
    const least: u32 = (0 - bound) % bound;
    while (<u32>product < least) product = <u64>uint32(state) * <u64>bound;
  }
  return <u32>(product >> 32);
}
