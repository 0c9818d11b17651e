/** Rows that go through the model together, padded to the longest. */
export interface TokenBatch {
  readonly rows: readonly number[];
  /** Tokens of the longest. */
  readonly width: number;
}

/** Tokens of a batch, padding included: enough to keep the cores busy, few enough to stay in their caches. */
const TOKENS = 4096;

/**
 * Packs rows by number of tokens, the longest first, so that little is padded and memory is at its most at the start.
 *
 * @param rows which rows of `tokens`
 * @param batchSize rows of a batch, at most
 */
export function tokenBatches(
  tokens: readonly { readonly length: number }[],
  rows: readonly number[],
  batchSize: number,
): TokenBatch[] {
  const order = [...rows].sort((a, b) => tokens[b].length - tokens[a].length || a - b);
  const batches: TokenBatch[] = [];
  for (let from = 0; from < order.length;) {
    const width = tokens[order[from]].length;
    const count = Math.max(1, Math.min(batchSize, Math.floor(TOKENS / width)));
    batches.push({ rows: order.slice(from, from + count), width });
    from += count;
  }
  return batches;
}

/** What the model reads of a batch: ids and mask, shape [rows * width], 0 where padded. */
export function tokenInputs(
  tokens: readonly (readonly number[])[],
  { rows, width }: TokenBatch,
): { ids: BigInt64Array; mask: BigInt64Array } {
  const ids = new BigInt64Array(rows.length * width);
  const mask = new BigInt64Array(rows.length * width);
  rows.forEach((row, i) => {
    const from = i * width;
    tokens[row].forEach((id, k) => (ids[from + k] = BigInt(id)));
    mask.fill(1n, from, from + tokens[row].length);
  });
  return { ids, mask };
}
