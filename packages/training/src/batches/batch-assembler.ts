import { TowerkitError, type Rng } from '@towerkit/core';
import { HistoryMask, type GroupedTargets } from '@towerkit/sampling';

import { unseenItems, type BatchData } from '../data.js';
import { nextItems, type Examples } from '../examples.js';
import { BatchRows } from './batch-rows.js';
import type { Batch, BatchShape } from './batch.js';
import { makeBuckets, type Bucket } from './buckets.js';
import { allCandidates, drawnCandidates, type Candidates, type Drawn } from './candidates.js';
import { planEpoch, type EpochPlan } from './epoch-plan.js';
import { placeQuestions } from './questions.js';
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
   * Negatives drawn for each batch, beside its own targets, or `all`: every item is a candidate in every batch, and every row of
   * the item tables moves in every step. Default 2048 uniform ones, or as many as there are items where that is less.
   */
  readonly negatives?: readonly Drawn[] | 'all';
  /**
   * Whether items that stand in no history can be drawn as negatives, which teaches that nobody wants them. Default:
   * true, and false for a model with `idDropout`, which is to rank them by what else is known of them.
   */
  readonly unseen?: boolean;
  /** Whether items of the histories are read: false for a user tower without a history, whose batches need fewer rows. Default true. */
  readonly history?: boolean;
  /** Whether there are candidates beside the targets, and which of them are none of a user: false for a loss of targets alone. Default true. */
  readonly candidates?: boolean;
  /** Hard negatives that each position may get behind the batch's other items: room for their rows. Default 0. */
  readonly hard?: number;
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

  readonly #candidates: Candidates;
  /** What each bucket's batches bring of their own targets. */
  readonly #targets: readonly GroupedTargets[];
  /** Absent where only targets count. */
  readonly #mask: HistoryMask | undefined;
  readonly #readsHistory: boolean;
  readonly #rows: BatchRows;

  /**
   * @throws TowerkitError `EMPTY_DATA` when there is no example; `BAD_OPTION` for impossible sizes
   */
  constructor(
    readonly data: BatchData,
    {
      batchSize = 1024,
      maxLength = 20,
      windows = 'all',
      negatives = [{ proposal: { kind: 'uniform' }, count: Math.min(2048, data.histories.cols) }],
      unseen = true,
      history = true,
      candidates: compared = true,
      hard = 0,
    }: BatchOptions = {},
  ) {
    const { histories, disliked } = data;
    const examples = data.examples ?? nextItems(histories);
    this.maxLength = maxLength;
    this.examples = examples;
    this.sequences = cutSequences(histories, examples, maxLength, windows);
    if (this.sequences.examples === 0)
      throw new TowerkitError('EMPTY_DATA', 'no user has two items to learn from', {
        hint: 'a history of n items gives n - 1 examples; check the split and the filters',
      });
    this.buckets = makeBuckets(this.sequences, maxLength, batchSize);
    const counts = targetCounts(this.sequences, examples, histories.cols);
    const barred = unseen ? [] : unseenItems(data);
    const used = compared ? negatives : [];
    const whole = used === 'all';
    this.#candidates = whole ? allCandidates(histories.cols, barred) : drawnCandidates(used, counts, barred);
    this.#targets = bucketTargets(this.buckets, this.sequences, examples, histories.cols);
    this.#mask = compared
      ? new HistoryMask(data.examples ? knownItems(histories, data.examples) : histories)
      : undefined;
    this.#readsHistory = history;
    this.#rows = new BatchRows(histories.cols, this.#candidates.columnOf);
    this.shapes = this.buckets.map(({ steps, batch, positions }) => {
      // One column more than can be needed, so that there always is a padding column to point at.
      const candidates = this.#candidates.capacity(positions) + 1;
      return {
        steps,
        batch,
        positions,
        candidates,
        rows: whole
          ? candidates
          : candidates +
            Math.min(
              (history ? batch * steps : 0) + (disliked ? positions : 0) + hard * positions,
              histories.cols,
            ) +
            1,
        whole,
        dislikes: disliked !== undefined,
        hard,
        unknown: this.sequences.length.includes(0),
      };
    });
  }

  /** The batches of one epoch, their order drawn by `rng`. */
  plan(rng: Rng): EpochPlan {
    return planEpoch(this.buckets, this.sequences, rng);
  }

  /** Batch `b` of a plan; the same generator state gives the same negatives. */
  assemble(plan: EpochPlan, b: number, rng: Rng): Batch {
    const bucket = plan.bucket[b];
    const shape = this.shapes[bucket];
    const { steps, batch, candidates, rows } = shape;
    const members = plan.sequences.subarray(plan.offsets[b], plan.offsets[b + 1]);
    const { histories } = this.data;
    const questions = placeQuestions(this.sequences, this.examples, histories, members, shape);
    const { targets, userOfPosition, ...asked } = questions;
    const { examples } = asked;
    const items = new Int32Array(rows);
    const logQ = new Float32Array(candidates).fill(Infinity);
    const positives = new Int32Array(shape.positions);
    const targetLogQ = new Float32Array(shape.positions);
    const found = this.#candidates.choose(
      targets,
      examples,
      rng,
      { items, logQ, positions: positives, targetLogQ },
      () => this.#targets[bucket].batchOf(members.length),
    );
    this.#rows.begin(items, found);
    const history = new Int32Array(batch * steps).fill(rows - 1);
    if (this.#readsHistory) this.#placeHistory(members, steps, history);
    const disliked = this.#drawDisliked(userOfPosition, examples, shape.positions, rng);
    return {
      ...asked,
      bucket,
      items,
      itemCount: this.#rows.used,
      userCount: members.length,
      history,
      positives,
      logQ,
      targetLogQ,
      masked: this.#maskedPairs(userOfPosition, examples, positives),
      ...(disliked && { disliked }),
    };
  }

  /** Writes the row of each input item into `history`. */
  #placeHistory(members: Int32Array, steps: number, history: Int32Array): void {
    const { start, length } = this.sequences;
    const { indices } = this.data.histories;
    for (let s = 0; s < members.length; s++)
      for (let t = 0; t < length[members[s]]; t++)
        history[s * steps + t] = this.#rows.of(indices[start[members[s]] + t]);
  }

  /** For each position the row of an item that its user dislikes, -1 for none, drawn anew for each batch. */
  #drawDisliked(users: Int32Array, examples: number, capacity: number, rng: Rng): Int32Array | undefined {
    const { disliked } = this.data;
    if (!disliked) return undefined;
    const { indptr, indices } = disliked;
    const rows = new Int32Array(capacity).fill(-1);
    for (let position = 0; position < examples; position++) {
      const first = indptr[users[position]];
      const count = indptr[users[position] + 1] - first;
      if (count > 0) rows[position] = this.#rows.of(indices[first + rng.integer(count)]);
    }
    return rows;
  }

  /** The (row, column) pairs that are no negatives. */
  #maskedPairs(users: Int32Array, rows: number, positives: Int32Array): Int32Array {
    if (!this.#mask) return new Int32Array(0);
    const out = new Int32Array(2 * this.#mask.bound(users, rows));
    const { columnOf } = this.#candidates;
    const pairs = this.#mask.pairs({ users, rows, positions: positives, columnOf, out });
    return out.slice(0, 2 * pairs);
  }
}
