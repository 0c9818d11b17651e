/**
 * The order of rows by user, then time, then position, then as they came: shape [rows], row numbers. A counting
 * sort by user, then a stable sort within each, so O(rows) where users' rows are few or in order already.
 *
 * @param users number of users
 * @param user dense user of each row
 * @param keys values to order a user's rows by, the most significant first
 */
export function orderRows(
  users: number,
  user: ArrayLike<number>,
  keys: readonly (ArrayLike<number> | undefined)[],
): Int32Array {
  const starts = new Int32Array(users + 1);
  for (let row = 0; row < user.length; row++) starts[user[row] + 1]++;
  for (let u = 0; u < users; u++) starts[u + 1] += starts[u];
  const next = starts.slice(0, users);
  const order = new Int32Array(user.length);
  for (let row = 0; row < user.length; row++) order[next[user[row]]++] = row;
  const given = keys.filter((key) => key !== undefined);
  if (given.length === 0) return order;
  const compare = (a: number, b: number) => {
    for (const key of given) if (key[a] !== key[b]) return key[a] - key[b];
    return a - b;
  };
  for (let u = 0; u < users; u++) {
    let sorted = true;
    for (let k = starts[u] + 1; sorted && k < starts[u + 1]; k++)
      sorted = compare(order[k - 1], order[k]) < 0;
    if (!sorted) order.subarray(starts[u], starts[u + 1]).sort(compare);
  }
  return order;
}
