import { PLAIN } from './top-k.js';

/**
 * Draws up to `wanted` distinct items whose role is plain (ranked, and no target), each equally likely, into
 * `out`; returns how many there are, fewer than `wanted` only when that is all of them.
 *
 * @param roles role of each item, shape [items]; as it was when this returns
 * @param plain number of plain items
 */
export function sampleNegatives(
  roles: Uint8Array,
  plain: number,
  wanted: number,
  uniform: () => number,
  out: Int32Array,
): number {
  const items = roles.length;
  const size = Math.min(wanted, plain);
  if (size * 2 > plain) {
    // Selection sampling (Knuth's algorithm S): rejection would take long to find the last ones.
    for (let item = 0, left = plain, taken = 0; taken < size; item++) {
      if (roles[item] !== PLAIN) continue;
      if (uniform() * left < size - taken) out[taken++] = item;
      left--;
    }
    return size;
  }
  const DRAWN = 3;
  for (let taken = 0; taken < size;) {
    const item = Math.floor(uniform() * items);
    if (roles[item] !== PLAIN) continue;
    roles[item] = DRAWN;
    out[taken++] = item;
  }
  for (let i = 0; i < size; i++) roles[out[i]] = PLAIN;
  return size;
}
