/** The mean of `values` and its standard error, s / sqrt(n) with s over n - 1 (NaN for one value), in two passes. */
export function meanAndError(values: ArrayLike<number>): { mean: number; error: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, error: Math.sqrt(squares / (n - 1) / n) };
}
