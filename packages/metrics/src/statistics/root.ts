/** Where a function that does not rise, and starts above `level` at 0, comes down to `level`: by bisection. */
export function descendsTo(level: number, f: (x: number) => number): number {
  let low = 0;
  let high = 1;
  while (f(high) > level) high *= 2;
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
    if (f(middle) > level) low = middle;
    else high = middle;
  return high;
}
