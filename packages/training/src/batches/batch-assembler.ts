import { TowerkitError, type CsrMatrix, type Rng } from '@towerkit/core';
import {
  CandidateSampler,
  createProposal,
  Excluding,
  HistoryMask,
  uniform,
  type GroupedTargets,
  type ProposalSpec,
} from '@towerkit/sampling';

import { unseenItems } from '../data.js';
import { nextItems, type Examples } from '../examples.js';
import type { Batch, BatchShape } from './batch.js';
import { makeBuckets, type Bucket } from './buckets.js';
import { planEpoch, type EpochPlan } from './epoch-plan.js';
import { cutSequences, type Sequences } from './sequences.js';
import { bucketTargets, knownItems, targetCounts } from './targets.js';

/** How batches are made; plain data, so that a worker can be told. */
export interface BatchOptions {
  /** Examples a batch aims at. Default 1024. */
  readonly batchSize?: number;
  /** Items of history a user is read from. Default 20. */
  readonly maxLength?: number;
  /** `all` trains every position of a long history, `last` only its last `maxLength`. Default `all`. */
  readonly windows?: 'all' | 'last';
  /**
   * Negatives drawn for each batch, beside its own targets.
   * Default 2048 uniform ones, or as many as there are items where that is less.
   */
  readonly negatives?: readonly { readonly proposal: ProposalSpec; readonly count: number }[];
  /**
   * Whether items that stand in no history can be drawn as negatives, which teaches that nobody wants them. Default:
   * true, and false for a model with `idDropout`, which is to rank them by what else is known of them.
   */
  readonly unseen?: boolean;
}

/** Makes batches from histories and examples: plans epochs, draws negatives, masks histories, pads to the bucket's shape. */
export class BatchAssembler {
  /** Items of history a user is read from. */
  readonly maxLength: number;
  readonly examples: Examples;
  readonly sequences: Sequences;
  readonly buckets: readonly Bucket[];
  /** Shape of each bucket's batches. */
  readonly shapes: readonly BatchShape[];

  readonly #sampler: CandidateSampler;
  /** What each bucket's batches bring of their own targets. */
  readonly #targets: readonly GroupedTargets[];
  readonly #mask: HistoryMask;
  /** Row of a history item that is no candidate, where `#stamp` says it is of this batch. */
  readonly #row: Int32Array;
  readonly #stamp: Int32Array;
  #batch = 0;

  /**
   * @param histories users x items, oldest to newest
   * @param given what is to be predicted; every item of a history after those before it by default
   * @throws TowerkitError `EMPTY_DATA` when there is no example; `BAD_OPTION` for impossible sizes
   */
  constructor(
    readonly histories: CsrMatrix,
    {
      batchSize = 1024,
      maxLength = 20,
      windows = 'all',
      negatives = [{ proposal: { kind: 'uniform' }, count: Math.min(2048, histories.cols) }],
      unseen = true,
    }: BatchOptions = {},
    readonly given?: Examples,
  ) {
    const examples = given ?? nextItems(histories);
    this.maxLength = maxLength;
    this.examples = examples;
    this.sequences = cutSequences(histories, examples, maxLength, windows);
    if (this.sequences.examples === 0)
      throw new TowerkitError('EMPTY_DATA', 'no user has two items to learn from', {
        hint: 'a history of n items gives n - 1 examples; check the split and the filters',
      });
    this.buckets = makeBuckets(this.sequences, maxLength, batchSize);
    const counts = targetCounts(this.sequences, examples, histories.cols);
    const barred = unseen ? [] : unseenItems({ histories, examples: given });
    const drawn = (spec: ProposalSpec) => {
      const proposal = createProposal(spec, { counts });
      return barred.length > 0 ? new Excluding(proposal).exclude(barred) : proposal;
    };
    const none = { proposal: uniform(histories.cols), count: 0 }; // says how many items there are
    this.#sampler = new CandidateSampler({
      proposals: [...negatives.map(({ proposal, count }) => ({ proposal: drawn(proposal), count })), none],
    });
    this.#targets = bucketTargets(this.buckets, this.sequences, examples, histories.cols);
    this.#mask = new HistoryMask(given ? knownItems(histories, given) : histories);
    this.#row = new Int32Array(histories.cols);
    this.#stamp = new Int32Array(histories.cols);
    this.shapes = this.buckets.map(({ steps, batch, positions }) => {
      // One column more than can be needed, so that there always is a padding column to point at.
      const candidates = this.#sampler.capacity(positions) + 1;
      return {
        steps,
        batch,
        positions,
        candidates,
        rows: candidates + Math.min(batch * steps, histories.cols) + 1,
        unknown: this.sequences.length.includes(0),
      };
    });
  }

  plan(rng: Rng): EpochPlan {
    return planEpoch(this.buckets, this.sequences, rng);
  }

  /** Batch `b` of a plan; the same generator state gives the same negatives. */
  assemble(plan: EpochPlan, b: number, rng: Rng): Batch {
    const bucket = plan.bucket[b];
    const { steps, batch, positions: capacity, candidates, rows, unknown } = this.shapes[bucket];
    const { items: asked, seen: before, weights, ratings, moments } = this.examples;
    const { indptr } = this.histories;
    const members = plan.sequences.subarray(plan.offsets[b], plan.offsets[b + 1]);
    const users = new Int32Array(batch);
    const positions = new Int32Array(capacity);
    const positionUser = new Int32Array(capacity);
    const userOfPosition = new Int32Array(capacity);
    const seen = new Float32Array(capacity).fill(1);
    const weight = new Float32Array(capacity);
    const rating = ratings && new Float32Array(capacity);
    const momentRows = moments && new Int32Array(capacity);
    const known = unknown ? new Float32Array(batch).fill(1) : undefined;
    const targets = new Int32Array(capacity);
    let examples = 0;
    const { user, start, length, first, asked: questions } = this.sequences;
    for (let s = 0; s < members.length; s++) {
      const sequence = members[s];
      users[s] = user[sequence];
      if (known && length[sequence] === 0) known[s] = 0;
      // Of the history's items, those before the sequence: its first input stands after them.
      const skipped = start[sequence] - indptr[users[s]];
      for (let e = first[sequence]; e < first[sequence] + questions[sequence]; e++, examples++) {
        const place = Math.max(0, before[e] - skipped - 1);
        positions[examples] = s * steps + place;
        positionUser[examples] = s;
        userOfPosition[examples] = users[s];
        seen[examples] = place + 1;
        weight[examples] = weights ? weights[e] : 1;
        targets[examples] = asked[e];
        if (rating) rating[examples] = ratings[e];
        if (momentRows) momentRows[examples] = e;
      }
    }

    const items = new Int32Array(rows);
    const logQ = new Float32Array(candidates).fill(Infinity);
    const positives = new Int32Array(capacity);
    const targetLogQ = new Float32Array(capacity);
    const found = this.#sampler.sample(
      targets,
      examples,
      rng,
      { items, logQ, positions: positives, targetLogQ },
      this.#targets[bucket].batchOf(members.length),
    );
    const history = new Int32Array(batch * steps).fill(rows - 1);
    const itemCount = this.#placeHistory(members, steps, found, items, history);
    return {
      bucket,
      items,
      itemCount,
      users,
      userCount: members.length,
      examples,
      history,
      positions,
      positionUser,
      positives,
      seen,
      weight,
      logQ,
      targetLogQ,
      masked: this.#maskedPairs(userOfPosition, examples, positives),
      ...(rating && { rating }),
      ...(momentRows && { moments: momentRows }),
      ...(known && { known }),
    };
  }

  /**
   * Writes the row of each input item into `history`. Items that are no candidate get the rows behind those that
   * are; where such a row falls into the candidate columns, its log q of Infinity keeps it out.
   *
   * @returns rows in use
   */
  #placeHistory(
    members: Int32Array,
    steps: number,
    found: number,
    items: Int32Array,
    history: Int32Array,
  ): number {
    const { columnOf } = this.#sampler;
    const { start, length } = this.sequences;
    const stamp = ++this.#batch;
    let next = found;
    for (let s = 0; s < members.length; s++)
      for (let t = 0; t < length[members[s]]; t++) {
        const item = this.histories.indices[start[members[s]] + t];
        let row = columnOf[item];
        if (row < 0) {
          if (this.#stamp[item] !== stamp) {
            this.#stamp[item] = stamp;
            this.#row[item] = next;
            items[next++] = item;
          }
          row = this.#row[item];
        }
        history[s * steps + t] = row;
      }
    return next;
  }

  /** The (row, column) pairs that are no negatives. */
  #maskedPairs(users: Int32Array, rows: number, positives: Int32Array): Int32Array {
    const out = new Int32Array(2 * this.#mask.bound(users, rows));
    const { columnOf } = this.#sampler;
    const pairs = this.#mask.pairs({ users, rows, positions: positives, columnOf, out });
    return out.slice(0, 2 * pairs);
  }
}
