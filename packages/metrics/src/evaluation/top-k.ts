/** What an item is to a user: nothing special, excluded from the ranking, or losing every tie. */
export const PLAIN = 0;
export const EXCLUDED = 1;
export const LOSES_TIES = 2;

/**
 * The best `k` items of a row of scores, by partial selection: one pass with a comparison per item, and an insertion
 * for the few that enter. Ties: a plain item comes before one that loses ties, then the lower id first.
 *
 * @param scores all finite
 * @param row where the row starts in `scores`
 * @param roles role of each item, shape [items]
 * @param out receives item ids, best first, shape [k] at `at`; -1 where fewer items are left
 */
export function selectTopK(
  scores: Float32Array,
  row: number,
  roles: Uint8Array,
  out: Int32Array,
  at: number,
  k: number,
): void {
  const items = roles.length;
  let size = 0;
  let worst = -Infinity;
  for (let item = 0; item < items; item++) {
    const score = scores[row + item];
    if (score < worst || roles[item] === EXCLUDED) continue;
    let place = size;
    while (place > 0) {
      const above = out[at + place - 1];
      const held = scores[row + above];
      // Ids rise, so at equal scores and roles the one that is there stays above.
      if (held > score || (held === score && roles[above] <= roles[item])) break;
      place--;
    }
    if (place === k) continue;
    for (let i = Math.min(size, k - 1); i > place; i--) out[at + i] = out[at + i - 1];
    out[at + place] = item;
    if (size < k) size++;
    if (size === k) worst = scores[row + out[at + k - 1]];
  }
  out.fill(-1, at + size, at + k);
}
