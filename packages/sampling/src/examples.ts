import { TowerkitError, type CsrMatrix, type Rng } from '@towerkit/core';

/** How a stream goes through its interactions. */
export interface StreamOptions {
  /** Items of each user, users x items: every entry is one example. */
  readonly histories: CsrMatrix;
  readonly rng: Rng;
  /** Examples a batch; the last one of an epoch may be smaller. Default 1024. */
  readonly batchSize?: number;
  /** Passes over the examples, each in an order of its own. Default 1; Infinity never ends. */
  readonly epochs?: number;
}

/** Some (user, item) pairs of the histories. */
export interface Examples {
  /** User of each example, shape [n]. */
  readonly users: Int32Array;
  /** Item of each example, shape [n]. */
  readonly positives: Int32Array;
}

/**
 * Goes through all interactions in random order, `batchSize` at a time.
 *
 * @throws TowerkitError `BAD_OPTION` for sizes that are not positive
 */
export function* examples(options: StreamOptions): Generator<Examples, void, undefined> {
  const { histories, rng, batchSize = 1024, epochs = 1 } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1 || !(epochs >= 0))
    throw new TowerkitError('BAD_OPTION', `cannot stream ${epochs} epochs in batches of ${batchSize}`);
  const { indptr, indices, entries } = histories;
  const userOf = new Int32Array(entries);
  for (let user = 0; user < histories.rows; user++) userOf.fill(user, indptr[user], indptr[user + 1]);
  const order = Int32Array.from(userOf.keys());
  for (let epoch = 0; entries > 0 && epoch < epochs; epoch++) {
    rng.shuffle(order);
    for (let start = 0; start < entries; start += batchSize) {
      const batch = order.subarray(start, start + batchSize);
      yield { users: batch.map((entry) => userOf[entry]), positives: batch.map((entry) => indices[entry]) };
    }
  }
}
