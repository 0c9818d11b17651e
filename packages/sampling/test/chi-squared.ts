/** Pearson's statistic of counts against probabilities, cells that expect fewer than 5 merged into one. */
export function chiSquared(counts: ArrayLike<number>, probabilities: ArrayLike<number>) {
  let draws = 0;
  for (let i = 0; i < counts.length; i++) draws += counts[i];
  let statistic = 0;
  let cells = 0;
  let rareCount = 0;
  let rareExpected = 0;
  const add = (count: number, expected: number) => {
    statistic += (count - expected) ** 2 / expected;
    cells++;
  };
  for (let i = 0; i < counts.length; i++) {
    const expected = draws * probabilities[i];
    if (expected === 0 && counts[i] > 0) return { statistic: Infinity, critical: 0 };
    if (expected >= 5) add(counts[i], expected);
    else {
      rareCount += counts[i];
      rareExpected += expected;
    }
  }
  if (rareExpected > 0) add(rareCount, rareExpected);
  return { statistic, critical: critical(cells - 1) };
}

/** The value that chance exceeds once in a thousand (Wilson and Hilferty 1931). */
function critical(freedom: number): number {
  const v = 2 / (9 * freedom);
  return freedom * (1 - v + 3.0902 * Math.sqrt(v)) ** 3;
}
