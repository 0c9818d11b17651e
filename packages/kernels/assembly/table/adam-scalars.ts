import { adamScalar } from './adam-scalar';

/** One Adam step on the weights named by `ids`: a table of one column, such as biases. */
export function adamScalars(
  values: usize,
  first: usize,
  second: usize,
  ids: usize,
  gradient: usize,
  count: i32,
  gain1: f32,
  gain2: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
  decay: f32,
): void {
  for (let row: i32 = 0; row < count; row++) {
    const offset = (load<u32>(ids) as usize) << 2;
    adamScalar(
      values + offset,
      first + offset,
      second + offset,
      load<f32>(gradient),
      gain1,
      gain2,
      rate,
      unbias,
      epsilon,
      decay,
    );
    gradient += 4;
    ids += 4;
  }
}
