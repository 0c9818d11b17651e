// The best k of what is offered, as a binary heap with the worst of them at the root. Of two with equal scores the one
// with the smaller id is better. `scores` f32 [k] and `slots` i32 [k] are the heap, `ids` f64 by slot.

/** Offers a slot. @returns how many there are then */
export function offer(
  scores: usize,
  slots: usize,
  ids: usize,
  k: i32,
  count: i32,
  score: f32,
  slot: i32,
): i32 {
  if (count < k) {
    rise(scores, slots, ids, count, score, slot);
    return count + 1;
  }
  if (isWorse(load<f32>(scores), load<i32>(slots), score, slot, ids))
    sink(scores, slots, ids, k, score, slot);
  return count;
}

/** The score below which nothing gets in. */
export function least(scores: usize, k: i32, count: i32): f32 {
  return count < k ? -Infinity : load<f32>(scores);
}

/** Sorts a heap, the best first. */
export function sort(scores: usize, slots: usize, ids: usize, count: i32): void {
  for (let rest = count - 1; rest > 0; rest--) {
    const at = (<usize>rest) << 2;
    const score = load<f32>(scores + at);
    const slot = load<i32>(slots + at);
    store<f32>(scores + at, load<f32>(scores));
    store<i32>(slots + at, load<i32>(slots));
    sink(scores, slots, ids, rest, score, slot);
  }
}

function isWorse(score: f32, slot: i32, than: f32, thanSlot: i32, ids: usize): bool {
  if (score !== than) return score < than;
  return load<f64>(ids + ((<usize>slot) << 3)) > load<f64>(ids + ((<usize>thanSlot) << 3));
}

function rise(scores: usize, slots: usize, ids: usize, at: i32, score: f32, slot: i32): void {
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const up = (<usize>parent) << 2;
    if (!isWorse(score, slot, load<f32>(scores + up), load<i32>(slots + up), ids)) break;
    put(scores, slots, at, load<f32>(scores + up), load<i32>(slots + up));
    at = parent;
  }
  put(scores, slots, at, score, slot);
}

/** Puts one in place of the root of a heap of `count`. */
function sink(scores: usize, slots: usize, ids: usize, count: i32, score: f32, slot: i32): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= count) break;
    let down = (<usize>child) << 2;
    if (
      child + 1 < count &&
      isWorse(
        load<f32>(scores + down, 4),
        load<i32>(slots + down, 4),
        load<f32>(scores + down),
        load<i32>(slots + down),
        ids,
      )
    ) {
      child++;
      down += 4;
    }
    if (!isWorse(load<f32>(scores + down), load<i32>(slots + down), score, slot, ids)) break;
    put(scores, slots, at, load<f32>(scores + down), load<i32>(slots + down));
    at = child;
  }
  put(scores, slots, at, score, slot);
}

function put(scores: usize, slots: usize, at: i32, score: f32, slot: i32): void {
  store<f32>(scores + ((<usize>at) << 2), score);
  store<i32>(slots + ((<usize>at) << 2), slot);
}
