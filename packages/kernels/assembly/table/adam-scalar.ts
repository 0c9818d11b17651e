/**
 * One Adam step on one weight:
 *
 *     m += gain1 (g - m)      v += gain2 (g g - v)
 *     w -= decay w + rate m / (sqrt(v) unbias + epsilon)
 */
export function adamScalar(
  value: usize,
  first: usize,
  second: usize,
  g: f32,
  gain1: f32,
  gain2: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
  decay: f32,
): void {
  const m0 = load<f32>(first);
  const v0 = load<f32>(second);
  const w0 = load<f32>(value);
  const m1 = m0 + gain1 * (g - m0);
  const v1 = v0 + gain2 * (g * g - v0);
  store<f32>(first, m1);
  store<f32>(second, v1);
  store<f32>(value, w0 - (decay * w0 + (rate * m1) / (sqrt<f32>(v1) * unbias + epsilon)));
}
