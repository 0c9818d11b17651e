import type { CsrMatrix, Rng } from '@towerkit/core';

/** Draws of a negative before any item will do: its user has nearly every item. */
const TRIES = 64;

/** Where a batch of choices goes, in the memory of a pool; n is the number of negatives of each. */
export interface ChoiceBuffers {
  /** Nodes (user, item, negatives ...) of each choice, shape [capacity, 2 + n]. */
  readonly choices: Int32Array;
  /** Places of each choice's entries in the batch's sparse matrix, shape [capacity, 2 + 2 n]. */
  readonly slots: Int32Array;
  /** The sparse matrix, nodes x nodes, with 2 + 2 n entries per choice: shapes [nodes + 1] and [entries]. */
  readonly indptr: Int32Array;
  readonly indices: Int32Array;
  /** How many choices each node is in, shape [nodes]. */
  readonly occurrences: Float32Array;
}

/**
 * Endless epochs over the interactions in random order, in batches of nearly equal size, each interaction with
 * `negatives` items drawn uniformly from those that its user does not have.
 */
export class ChoiceBatches {
  /** Batches in an epoch. */
  readonly steps: number;
  /** Choices of a batch, at most. */
  readonly capacity: number;

  readonly #order: Int32Array;
  readonly #owners: Int32Array;
  readonly #next: Int32Array;
  #step = 0;

  /** @param interactions distinct items per row, ascending */
  constructor(
    private readonly interactions: CsrMatrix,
    private readonly options: { batchSize: number; negatives: number; rng: Rng },
  ) {
    const { rows, cols, indptr, entries } = interactions;
    this.steps = Math.max(1, Math.round(entries / options.batchSize));
    this.capacity = Math.ceil(entries / this.steps);
    this.#order = Int32Array.from({ length: entries }, (_, k) => k);
    this.#owners = new Int32Array(entries);
    for (let row = 0; row < rows; row++) this.#owners.fill(row, indptr[row], indptr[row + 1]);
    this.#next = new Int32Array(rows + cols);
  }

  /** Draws the next batch and lays it out; returns the number of its choices. */
  fill(into: ChoiceBuffers): number {
    const { entries } = this.interactions;
    if (this.#step % this.steps === 0) this.options.rng.shuffle(this.#order);
    const step = this.#step++ % this.steps;
    const from = Math.floor((step * entries) / this.steps);
    const to = Math.floor(((step + 1) * entries) / this.steps);
    this.#draw(from, to, into.choices);
    this.#layOut(to - from, into);
    return to - from;
  }

  #draw(from: number, to: number, choices: Int32Array): void {
    const { rows: users, cols: items, indices, indptr } = this.interactions;
    const { negatives, rng } = this.options;
    let at = 0;
    for (let k = from; k < to; k++) {
      const entry = this.#order[k];
      const user = this.#owners[entry];
      const [start, end] = [indptr[user], indptr[user + 1]];
      choices[at++] = user;
      choices[at++] = users + indices[entry];
      for (let n = 0; n < negatives; n++) {
        let negative = rng.integer(items);
        for (let tries = 1; tries < TRIES && holds(indices, start, end, negative); tries++)
          negative = rng.integer(items);
        choices[at++] = users + negative;
      }
    }
  }

  /** A counting sort of the entries by row, in order of the choices: sums then have a fixed order. */
  #layOut(count: number, { choices, slots, indptr, indices, occurrences }: ChoiceBuffers): void {
    const next = this.#next;
    const width = 2 + this.options.negatives;
    const size = count * width;
    next.fill(0);
    for (let at = 0; at < size; at += width) {
      next[choices[at]] += width - 1;
      for (let k = at + 1; k < at + width; k++) next[choices[k]]++;
    }
    const users = this.interactions.rows;
    let end = 0;
    for (let node = 0; node < next.length; node++) {
      const degree = next[node];
      occurrences[node] = node < users ? degree / (width - 1) : degree;
      indptr[node] = next[node] = end;
      end += degree;
    }
    indptr[next.length] = end;
    for (let at = 0, slot = 0; at < size; at += width) {
      const user = choices[at];
      for (let k = at + 1; k < at + width; k++) {
        const other = choices[k];
        indices[(slots[slot++] = next[user]++)] = other;
        indices[(slots[slot++] = next[other]++)] = user;
      }
    }
  }
}

/** Whether the ascending `ids` from `start` to `end` hold `id`. */
function holds(ids: Int32Array, start: number, end: number, id: number): boolean {
  while (start < end) {
    const middle = (start + end) >> 1;
    if (ids[middle] === id) return true;
    if (ids[middle] < id) start = middle + 1;
    else end = middle;
  }
  return false;
}
