/**
 * Steps of stochastic gradient descent for biased matrix factorization, over the ratings of the users from `from` to
 * before `to`, one after the other in their order: the only block. With e = r - (mean + b_u + b_i + p_u.q_i):
 *
 *     b_u = keep b_u + rate e     p_u = keep p_u + rate e q_i
 *     b_i = keep b_i + rate e     q_i = keep q_i + rate e p_u
 *
 * where keep = 1 - rate * regularization and the p_u of the last is that from before.
 *
 * @param indptr row boundaries, [users + 1]
 * @param indices item of each rating
 * @param values each rating
 * @param userBias itemBias: [users], [items]; left alone where `biased` is 0
 * @param users items: rows of `stride` bytes, a multiple of 16
 */
export function svdEpoch(
  block: i32,
  scratch: usize,
  indptr: usize,
  indices: usize,
  values: usize,
  userBias: usize,
  itemBias: usize,
  users: usize,
  items: usize,
  from: i32,
  to: i32,
  stride: usize,
  rate: f32,
  keep: f32,
  mean: f32,
  biased: i32,
): void {
  const keeping = f32x4.splat(keep);
  for (let user = from; user < to; user++) {
    const p = users + <usize>user * stride;
    const ownBias = userBias + ((<usize>user) << 2);
    const end = load<i32>(indptr + ((<usize>user + 1) << 2));
    for (let k = load<i32>(indptr + ((<usize>user) << 2)); k < end; k++) {
      const item = <usize>load<i32>(indices + ((<usize>k) << 2));
      const q = items + item * stride;
      const bias = itemBias + (item << 2);
      let a = f32x4.splat(0);
      let b = f32x4.splat(0);
      let c = f32x4.splat(0);
      let d = f32x4.splat(0);
      let at: usize = 0;
      for (; at + 64 <= stride; at += 64) {
        a = f32x4.add(a, f32x4.mul(v128.load(p + at), v128.load(q + at)));
        b = f32x4.add(b, f32x4.mul(v128.load(p + at, 16), v128.load(q + at, 16)));
        c = f32x4.add(c, f32x4.mul(v128.load(p + at, 32), v128.load(q + at, 32)));
        d = f32x4.add(d, f32x4.mul(v128.load(p + at, 48), v128.load(q + at, 48)));
      }
      for (; at < stride; at += 16) a = f32x4.add(a, f32x4.mul(v128.load(p + at), v128.load(q + at)));
      a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
      const product =
        f32x4.extract_lane(a, 0) +
        f32x4.extract_lane(a, 1) +
        (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
      const rating = load<f32>(values + ((<usize>k) << 2));
      const step = rate * (rating - (mean + load<f32>(ownBias) + load<f32>(bias) + product));
      if (biased) {
        store<f32>(ownBias, keep * load<f32>(ownBias) + step);
        store<f32>(bias, keep * load<f32>(bias) + step);
      }
      const stepping = f32x4.splat(step);
      for (at = 0; at < stride; at += 16) {
        const x = v128.load(p + at);
        const y = v128.load(q + at);
        v128.store(p + at, f32x4.add(f32x4.mul(keeping, x), f32x4.mul(stepping, y)));
        v128.store(q + at, f32x4.add(f32x4.mul(keeping, y), f32x4.mul(stepping, x)));
      }
    }
  }
}
