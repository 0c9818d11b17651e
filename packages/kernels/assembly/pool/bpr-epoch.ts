import { total } from './als-vectors';
import { integer } from './sfc32';

/** Triples drawn ahead: their rows are on the way from memory while the ones before them are computed. */
const AHEAD: i32 = 32;
/** Draws of a negative before a triple is given up: its user has nearly every item. */
const TRIES: i32 = 64;

/** Whether the ascending ids from `start` to `end` hold `item`. */
function holds(ids: usize, start: i32, end: i32, item: i32): bool {
  while (start < end) {
    const middle = (start + end) >> 1;
    const id = load<i32>(ids + ((<usize>middle) << 2));
    if (id === item) return true;
    if (id < item) start = middle + 1;
    else end = middle;
  }
  return false;
}

/** The sum of x * (y - z) over rows of `stride` bytes, a multiple of 16. */
function dotDifference(x: usize, y: usize, z: usize, stride: usize): f32 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let k: usize = 0;
  for (; k + 32 <= stride; k += 32) {
    a = f32x4.add(a, f32x4.mul(v128.load(x + k), f32x4.sub(v128.load(y + k), v128.load(z + k))));
    b = f32x4.add(b, f32x4.mul(v128.load(x + k, 16), f32x4.sub(v128.load(y + k, 16), v128.load(z + k, 16))));
  }
  if (k < stride)
    a = f32x4.add(a, f32x4.mul(v128.load(x + k), f32x4.sub(v128.load(y + k), v128.load(z + k))));
  return total(f32x4.add(a, b));
}

/**
 * `triples` steps of LearnBPR (Rendle et al. 2009, figure 4), one after the other on one thread: the only block.
 * A step draws an entry (u, i), then j until u does not have it, and with x = p_u.(q_i - q_j) + b_i - b_j and
 * g = 1 / (1 + e^x):
 *
 *     p_u += rate (g (q_i - q_j) - decay p_u)     b_i += biasRate (g - biasDecay b_i)
 *     q_i += rate (g p_u - decay q_i)             b_j += biasRate (-g - biasDecay b_j)
 *     q_j += rate (-g p_u - decay q_j)
 *
 * @param owners user of each entry, [entries]
 * @param indptr row boundaries, [users + 1]
 * @param indices items of each user, ascending, [entries]
 * @param users items: rows of `stride` bytes
 * @param bias [items]
 * @param state four words of the generator, moved on
 * @param loss two f64: the sum of -ln(1 - g) is added to the first, the number of steps to the second
 */
export function bprEpoch(
  block: i32,
  scratch: usize,
  owners: usize,
  indptr: usize,
  indices: usize,
  users: usize,
  items: usize,
  bias: usize,
  state: usize,
  loss: usize,
  triples: i32,
  entries: i32,
  itemCount: i32,
  stride: usize,
  rate: f32,
  decay: f32,
  biasRate: f32,
  biasDecay: f32,
): void {
  const keep = f32x4.splat(1 - rate * decay);
  const keepBias: f32 = 1 - biasRate * biasDecay;
  let sum = load<f64>(loss);
  let steps = load<f64>(loss, 8);
  let product: f64 = 1;
  let touched: i32 = 0;
  for (let done = 0; done < triples;) {
    const drawn = min(AHEAD, triples - done);
    done += drawn;
    let kept = 0;
    for (let t = 0; t < drawn; t++) {
      const entry = integer(state, entries);
      const user = load<i32>(owners + ((<usize>entry) << 2));
      const start = load<i32>(indptr + ((<usize>user) << 2));
      const end = load<i32>(indptr + ((<usize>user) << 2), 4);
      let negative = integer(state, itemCount);
      let tries = 1;
      while (holds(indices, start, end, negative) && tries < TRIES) {
        negative = integer(state, itemCount);
        tries++;
      }
      if (tries === TRIES) continue;
      const p = users + <usize>user * stride;
      const i = <usize>load<u32>(indices + ((<usize>entry) << 2));
      const place = scratch + <usize>kept * 12;
      store<u32>(place, <u32>p);
      store<u32>(place, <u32>i, 4);
      store<u32>(place, negative, 8);
      for (let line: usize = 0; line < stride; line += 64)
        touched |=
          load<i32>(p + line) |
          load<i32>(items + i * stride + line) |
          load<i32>(items + <usize>negative * stride + line);
      kept++;
    }
    steps += <f64>kept;
    for (let t = 0; t < kept; t++) {
      const place = scratch + <usize>t * 12;
      const p = <usize>load<u32>(place);
      const i = <usize>load<u32>(place, 4);
      const j = <usize>load<u32>(place, 8);
      const qi = items + i * stride;
      const qj = items + j * stride;
      const bi = bias + (i << 2);
      const bj = bias + (j << 2);
      const x = dotDifference(p, qi, qj, stride) + load<f32>(bi) - load<f32>(bj);
      const g: f32 = 1 / (1 + Mathf.exp(x));
      // One logarithm for many steps: the product of the probabilities, before it could underflow.
      product *= <f64>max<f32>(1 - g, 1e-30);
      if (product < 1e-200) {
        sum -= Math.log(product);
        product = 1;
      }
      store<f32>(bi, load<f32>(bi) * keepBias + biasRate * g);
      store<f32>(bj, load<f32>(bj) * keepBias - biasRate * g);
      const step = f32x4.splat(rate * g);
      for (let k: usize = 0; k < stride; k += 16) {
        const pu = v128.load(p + k);
        const vi = v128.load(qi + k);
        const vj = v128.load(qj + k);
        const push = f32x4.mul(step, pu);
        v128.store(p + k, f32x4.add(f32x4.mul(pu, keep), f32x4.mul(step, f32x4.sub(vi, vj))));
        v128.store(qi + k, f32x4.add(f32x4.mul(vi, keep), push));
        v128.store(qj + k, f32x4.sub(f32x4.mul(vj, keep), push));
      }
    }
  }
  store<i32>(scratch, touched); // else the compiler drops the loads ahead
  store<f64>(loss, sum - Math.log(product));
  store<f64>(loss, steps, 8);
}
