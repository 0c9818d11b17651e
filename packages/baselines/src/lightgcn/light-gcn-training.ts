import { Matrix, Rng, type CsrMatrix } from '@towerkit/core';
import {
  ADAM_ROWS,
  job,
  RANK_CHOICES,
  SPMM_ROWS,
  type Job,
  type KernelPool,
} from '@towerkit/kernels/internal';

import { interactionGraph, type InteractionGraph } from './interaction-graph.js';
import { ChoiceBatches, type ChoiceBuffers } from './choice-batches.js';
import type { LightGcnSettings } from './light-gcn-options.js';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;
/** Weight of a negative in the softmax: 1, as if the drawn ones were all there are. */
const ODDS = 1;
/** Standard deviation of the first embeddings, as in the authors' program. */
const INITIAL = 0.1;

/** The learning rate of the last epoch, as a share of the first. */
const LAST = 0.1;
/** An epoch has at least so many steps. */
const STEPS = 10;

/** What {@link LightGcn} keeps of a training. */
export interface LightGcnWeights {
  /** Final embeddings, [users, factors]. */
  readonly users: Matrix;
  /** Final embeddings, [items, factors]. */
  readonly items: Matrix;
  /** What an item of a history adds to its user's embedding, before the root of its length, [items, factors]. */
  readonly terms: Matrix;
}

/** A batch in the pool's memory. */
interface Batch extends ChoiceBuffers {
  readonly values: Float32Array;
  readonly losses: Float32Array;
}

/**
 * LightGCN's embeddings being trained, in a pool's memory.
 *
 * With the normalized adjacency A and the free embeddings E, a node's final embedding is alpha (E + AE + .. + A^K E),
 * alpha = 1 / (K + 1), computed as H <- E + A H, K times, from H = E. A is symmetric, so the gradient by E comes from
 * that by the final embeddings in the same way; the gradient by the final embeddings is a sparse matrix, four entries
 * per triple, times H. So a step is 2 K + 1 sparse products, and no two threads ever add to one place.
 */
export class LightGcnTraining {
  readonly batches: ChoiceBatches;
  readonly #graph: InteractionGraph;
  readonly #adjacency: readonly [Int32Array, Int32Array, Float32Array];
  readonly #stride: number;
  readonly #embeddings: Float32Array;
  readonly #moments: readonly [Float32Array, Float32Array];
  readonly #gradient: Float32Array;
  readonly #work: readonly [Float32Array, Float32Array];
  readonly #batches: readonly [Batch, Batch];
  #step = 0;
  #ready = 0;

  /** @param interactions distinct items per row, ascending */
  constructor(
    private readonly pool: KernelPool,
    interactions: CsrMatrix,
    private readonly settings: LightGcnSettings,
  ) {
    const { memory } = pool;
    const rng = new Rng(settings.seed);
    const graph = (this.#graph = interactionGraph(interactions));
    const width = (this.#stride = Math.ceil(settings.factors / 4) * 4);
    const floats = () => memory.floats(graph.nodes * width);
    this.#adjacency = [memory.ints(graph.indptr), memory.ints(graph.indices), memory.floats(graph.values)];
    this.#embeddings = floats();
    for (let node = 0; node < graph.nodes; node++)
      for (let i = 0; i < settings.factors; i++) this.#embeddings[node * width + i] = INITIAL * rng.normal();
    this.#moments = [floats(), floats()];
    this.#gradient = floats();
    this.#work = [floats(), floats()];
    this.batches = new ChoiceBatches(interactions, {
      batchSize: Math.min(settings.batchSize, Math.ceil(interactions.entries / STEPS)),
      negatives: settings.negatives,
      rng: rng.fork('batches'),
    });
    const { capacity } = this.batches;
    const n = settings.negatives;
    const batch = (): Batch => ({
      choices: memory.ints((2 + n) * capacity),
      slots: memory.ints((2 + 2 * n) * capacity),
      indptr: memory.ints(graph.nodes + 1),
      indices: memory.ints((2 + 2 * n) * capacity),
      occurrences: memory.floats(graph.nodes),
      values: memory.floats((2 + 2 * n) * capacity),
      losses: memory.floats(Math.ceil(capacity / RANK_CHOICES)),
    });
    this.#batches = [batch(), batch()];
  }

  /** A pass over the interactions; returns the mean loss of its steps. */
  async epoch(epoch: number): Promise<number> {
    const { epochs, learningRate } = this.settings;
    const rate = learningRate * (1 - ((1 - LAST) * (epoch - 1)) / Math.max(1, epochs - 1));
    let loss = 0;
    for (let step = 0; step < this.batches.steps; step++) loss += await this.step(rate);
    return loss / this.batches.steps;
  }

  /** One step on the next batch; returns its mean loss, -ln of the probability that the item is above the negative. */
  async step(learningRate: number): Promise<number> {
    const batch = this.#batches[this.#step % 2];
    const count = this.#step === 0 ? this.#fill(batch) : this.#ready;
    const run = this.pool.run(...this.#jobs(batch, count, learningRate, ++this.#step));
    this.#ready = this.#fill(this.#batches[this.#step % 2]); // drawn while the workers compute
    await run;
    let loss = 0;
    for (let block = 0; block * RANK_CHOICES < count; block++) loss += batch.losses[block];
    return loss / count;
  }

  /** Copies of the embeddings, without padding. */
  async weights(): Promise<LightGcnWeights> {
    const { factors, layers } = this.settings;
    const { users, nodes, indptr } = this.#graph;
    const alpha = 1 / (layers + 1);
    const { jobs, result, before } = this.#propagate(this.#embeddings);
    await this.pool.run(...jobs);
    const copy = (source: Float32Array, from: number, to: number, scale: (node: number) => number) => {
      const out = new Matrix(to - from, factors);
      for (let node = from, at = 0; node < to; node++)
        for (let i = 0, factor = scale(node); i < factors; i++)
          out.data[at++] = factor * source[node * this.#stride + i];
      return out;
    };
    const degree = (node: number) => Math.max(1, indptr[node + 1] - indptr[node]);
    return {
      users: copy(result, 0, users, () => alpha),
      items: copy(result, users, nodes, () => alpha),
      terms: copy(before, users, nodes, (item) => alpha / Math.sqrt(degree(item))),
    };
  }

  #fill(batch: Batch): number {
    const count = this.batches.fill(batch);
    const weight = this.settings.regularization / count;
    for (let node = 0; node < batch.occurrences.length; node++) batch.occurrences[node] *= weight;
    return count;
  }

  /** Sums source + A source + .. + A^K source; `before` is the sum without the last term. */
  #propagate(source: Float32Array): { jobs: Job[]; result: Float32Array; before: Float32Array } {
    const { nodes } = this.#graph;
    const jobs: Job[] = [];
    let [result, before] = [source, source];
    for (let layer = 0; layer < this.settings.layers; layer++) {
      before = result;
      result = this.#work[layer % 2];
      jobs.push(
        job(
          'spmmAdd',
          Math.ceil(nodes / SPMM_ROWS),
          ...this.#adjacency,
          ...([before, source, result, nodes, 4 * this.#stride] as const),
        ),
      );
    }
    return { jobs, result, before };
  }

  #jobs(batch: Batch, count: number, learningRate: number, step: number): Job[] {
    const { nodes } = this.#graph;
    const bytes = 4 * this.#stride;
    const alpha = 1 / (this.settings.layers + 1);
    const forward = this.#propagate(this.#embeddings);
    const backward = this.#propagate(this.#gradient);
    const { choices, slots, values, losses, indptr, indices, occurrences } = batch;
    const { negatives, loss } = this.settings;
    const rate = learningRate / (1 - BETA1 ** step);
    const unbias = 1 / Math.sqrt(1 - BETA2 ** step);
    return [
      ...forward.jobs,
      job(
        'rankSlopes',
        Math.ceil(count / RANK_CHOICES),
        ...([choices, slots, forward.result, values, losses, count, negatives, bytes] as const),
        ...([alpha * alpha, 1 / count, loss === 'softmax' ? 1 : 0, ODDS] as const),
      ),
      job(
        'spmm',
        Math.ceil(nodes / SPMM_ROWS),
        indptr,
        indices,
        values,
        forward.result,
        this.#gradient,
        nodes,
        bytes,
      ),
      ...backward.jobs,
      job(
        'adamDense',
        Math.ceil(nodes / ADAM_ROWS),
        ...([this.#embeddings, ...this.#moments, backward.result, occurrences, nodes, bytes] as const),
        ...([1 - BETA1, 1 - BETA2, rate, unbias, EPSILON] as const),
      ),
    ];
  }
}
