/** The `p` quantile of ascending values, interpolated linearly (type 7 of Hyndman and Fan 1996). */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const place = p * (ascending.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
}
