import { inner } from './als-vectors';

/** Choices of a block. */
const CHOICES: i32 = 256;
/** A logit beyond which `exp` would leave float32. */
const LIMIT: f32 = 80;

/**
 * The loss of choices, each of a row u, the row i it took and n rows j it did not, with x_j = scale e_u.(e_j - e_i):
 *
 *     pairs (softmax 0, BPR):  the mean over j of ln(1 + e^x_j),     slope_j = 1 / (1 + e^-x_j) / n
 *     softmax 1:               ln(1 + odds sum over j of e^x_j),     slope_j = odds e^x_j / (1 + odds sum e^x_j)
 *
 * and the gradient's slopes as entries of a sparse matrix: (u, j) and (j, u) are weight scale slope_j, (u, i) and (i, u)
 * minus the sum of those. That matrix times e is the gradient of `weight` times the sum of the losses.
 *
 * @param choices row numbers u, i, j ..., [count, 2 + n]
 * @param slots where in `values` the entries are: (u, i), (i, u), (u, j), (j, u), ..., [count, 2 + 2 n]
 * @param losses f32, [blocks]: the sum of each block's losses
 */
export function rankSlopes(
  block: i32,
  scratch: usize,
  choices: usize,
  slots: usize,
  rows: usize,
  values: usize,
  losses: usize,
  count: i32,
  n: i32,
  stride: usize,
  scale: f32,
  weight: f32,
  softmax: i32,
  odds: f32,
): void {
  const from = block * CHOICES;
  const to = min(count, from + CHOICES);
  let loss: f64 = 0;
  for (let t = from; t < to; t++) {
    const choice = choices + <usize>t * (8 + ((<usize>n) << 2));
    const slot = slots + <usize>t * (8 + ((<usize>n) << 3));
    const u = rows + <usize>load<u32>(choice) * stride;
    const taken = inner(u, rows + <usize>load<u32>(choice, 4) * stride, stride);
    let sum: f32 = 0;
    for (let j = 0; j < n; j++) {
      const other = inner(u, rows + <usize>load<u32>(choice + ((<usize>j) << 2), 8) * stride, stride);
      const e = Mathf.exp(min<f32>(LIMIT, scale * (other - taken)));
      let slope: f32;
      if (softmax) {
        slope = odds * e;
        sum += slope;
      } else {
        slope = ((weight * scale) / <f32>n) * (e / (1 + e));
        sum += slope;
        loss += Math.log(1 + <f64>e) / <f64>n;
      }
      store<f32>(scratch + ((<usize>j) << 2), slope);
    }
    let factor: f32 = 1;
    if (softmax) {
      loss += Math.log(1 + <f64>sum);
      factor = (weight * scale) / (1 + sum);
    }
    store<f32>(values + ((<usize>load<u32>(slot)) << 2), -(factor * sum));
    store<f32>(values + ((<usize>load<u32>(slot, 4)) << 2), -(factor * sum));
    for (let j = 0; j < n; j++) {
      const slope = factor * load<f32>(scratch + ((<usize>j) << 2));
      const pair = slot + ((<usize>j) << 3);
      store<f32>(values + ((<usize>load<u32>(pair, 8)) << 2), slope);
      store<f32>(values + ((<usize>load<u32>(pair, 12)) << 2), slope);
    }
  }
  store<f32>(losses + ((<usize>block) << 2), <f32>loss);
}
