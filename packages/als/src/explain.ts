import type { Matrix, Reason } from '@towerkit/core';
import { dot } from '@towerkit/kernels/internal';

/**
 * Where scores come from (Hu, Koren and Volinsky 2008, section 5): with W_u = (w0 Y'Y + sum of gain_j y_j y_j' +
 * lambda I)^-1 the score of item i is the sum over the history of c_j y_i' W_u y_j. In float64. W_u depends on the history
 * alone: it is factored once, and an item then costs factors * (factors + items of the history).
 *
 * @param gram Y'Y, shape [width * width], width at least the number of factors
 * @param gains of the history's items, c_j = unobservedWeight + gain_j
 * @returns the reasons of an item
 */
export function explainer(
  factors: Matrix,
  gram: Float64Array,
  width: number,
  { unobservedWeight, lambda }: { readonly unobservedWeight: number; readonly lambda: number },
  history: { readonly items: ArrayLike<number>; readonly gains: ArrayLike<number> },
): (item: number) => Reason[] {
  const { cols: n } = factors;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) a[i * n + j] = unobservedWeight * gram[i * width + j];
    a[i * n + i] += lambda;
  }
  for (let k = 0; k < history.items.length; k++) {
    const y = factors.row(history.items[k]);
    for (let i = 0; i < n; i++) {
      const scaled = history.gains[k] * y[i];
      for (let j = 0; j <= i; j++) a[i * n + j] += scaled * y[j];
    }
  }
  factor(a, n);
  return (item) => {
    const direction = solve(a, Float64Array.from(factors.row(item)));
    const reasons = Array.from(history.items, (other, k) => {
      const weight = dot(direction, factors.row(other));
      return { item: other, weight: (unobservedWeight + history.gains[k]) * weight };
    });
    return reasons.sort((one, two) => Math.abs(two.weight) - Math.abs(one.weight));
  };
}

/** Cholesky in place: a becomes L of L L' = a; both are lower triangles. */
function factor(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let value = a[i * n + j];
      for (let k = 0; k < j; k++) value -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i === j ? Math.sqrt(value) : value / a[j * n + j];
    }
}

/** x of L L' x = b, in place of b. */
function solve(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= l[i * n + k] * b[k];
    b[i] /= l[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= l[i * n + i];
    for (let k = 0; k < i; k++) b[k] -= l[i * n + k] * b[i];
  }
  return b;
}
