import { ALS_LOSS_ROWS, job } from '@towerkit/kernels/internal';

import type { HalfStep } from './half-step.js';
import type { Side } from './side.js';

/**
 * The loss that ALS makes smaller, with p = 1 and confidence c = weight + gain where there is an entry, p = 0 and
 * c = weight where there is none:
 *
 *     sum over all pairs of c (p - x_u y_i)^2 + sum of lambda_u |x_u|^2 + sum of lambda_i |y_i|^2
 *
 * All pairs cost no more than two Gram matrices: the sum of (x_u y_i)^2 is the product of X'X and Y'Y, entry by entry.
 */
export async function loss(step: HalfStep, users: Side, items: Side): Promise<number> {
  const { pool, width, regularization } = step;
  const left = await step.gramOf(users.rows, users.factors);
  const right = await step.gramOf(items.rows, items.factors);
  let total = 0;
  for (let i = 0; i < left.length; i++) total += left[i] * right[i];
  total *= regularization.unobservedWeight;
  const blocks = Math.ceil(users.rows / ALS_LOSS_ROWS);
  const mark = pool.memory.mark();
  try {
    const words = pool.memory.floats(2 * blocks);
    await pool.run(
      job(
        'alsLoss',
        blocks,
        ...([users.rows, users.indptr, users.indices, users.gains, users.factors, items.factors] as const),
        ...([width, regularization.unobservedWeight, words] as const),
      ),
    );
    for (const sum of new Float64Array(words.buffer, words.byteOffset, blocks)) total += sum;
  } finally {
    pool.memory.release(mark);
  }
  for (const { rows, factors, lambdas } of [users, items])
    for (let row = 0; row < rows; row++) {
      let square = 0;
      for (let i = row * width; i < (row + 1) * width; i++) square += factors[i] * factors[i];
      total += lambdas[row] * square;
    }
  return total;
}
