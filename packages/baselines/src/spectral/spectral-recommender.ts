import { Rng, TowerkitError, type CsrMatrix, type FitOptions, Matrix, type Reason } from '@towerkit/core';
import { KernelPool, svdWidth, truncatedSvd } from '@towerkit/kernels/internal';

import { checkBatch, checkHistory, requireFitted, requireIndex } from '../recommender/check-batch.js';
import { mergedRows } from '../recommender/merged-rows.js';
import { distinctItems, weightiestFirst } from '../recommender/reasons.js';
import { saveModel, storedMatrix, type SavedModel } from '../recommender/saved-model.js';
import { ScoringRecommender } from '../recommender/scoring-recommender.js';
import { ItemGraph, scaledByDegrees, USERS_AT_ONCE } from './item-graph.js';

/** Seed of the random start of the singular vectors, which does not decide what they are. */
const SEED = 17;

/** What is known of a model that was fitted. */
interface Fitted {
  readonly pool: KernelPool;
  readonly graph: ItemGraph;
  readonly interactions: CsrMatrix;
  readonly vectors: Matrix;
  /** Batches of columns, which a filter writes: [items, USERS_AT_ONCE] each. */
  readonly columns: readonly Float32Array[];
}

/** A batch of histories that a filter scores. */
export interface FilterBatch {
  readonly graph: ItemGraph;
  /** Distinct items of each. */
  readonly histories: readonly (readonly number[])[];
  /** Columns in use, 8, 16, ... */
  readonly width: number;
  /** The histories as columns, [items, width]. */
  readonly loaded: Float32Array;
  /** Room for three more such matrices. */
  readonly room: readonly [Float32Array, Float32Array, Float32Array];
}

/** A filter on the graph of items that is applied to histories: nothing is trained but singular vectors. */
export abstract class SpectralRecommender extends ScoringRecommender {
  #fitted: Fitted | undefined;

  /** @param settings what is saved with the model */
  constructor(
    protected readonly settings: { readonly dimensions: number },
    private readonly threads?: number,
  ) {
    super();
  }

  get items(): number {
    return this.#fitted?.graph.items ?? 0;
  }

  /** Scores of a batch, one of its matrices. */
  protected abstract filter(batch: FilterBatch): Promise<Float32Array>;

  /**
   * @throws TowerkitError `EMPTY_DATA` for a matrix without entries, `BAD_VALUE` naming the row of a value that is negative
   *   or not finite
   */
  async fit(interactions: CsrMatrix, options: FitOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const rows = mergedRows(interactions);
    if (rows.indices.length === 0)
      throw new TowerkitError('EMPTY_DATA', 'there are no interactions to learn from');
    const dimensions = Math.min(this.settings.dimensions, rows.rows, rows.cols);
    const pool = new KernelPool({ threads: this.threads, scratch: 512 * svdWidth(dimensions) });
    let vectors: Matrix;
    try {
      ({ vectors } = await truncatedSvd(pool, scaledByDegrees(rows), dimensions, new Rng(SEED), options));
    } finally {
      await pool.close();
    }
    await this.take(rows, vectors);
  }

  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    checkBatch(this, histories, { out, users });
    const { graph, columns } = this.#fitted!;
    const [loaded, first, second, third] = columns;
    const { items } = graph;
    for (let from = 0; from < histories.length; from += USERS_AT_ONCE) {
      const batch = histories.slice(from, from + USERS_AT_ONCE).map(distinctItems);
      const width = Math.ceil(batch.length / 8) * 8;
      graph.load(batch, width, loaded);
      const scores = await this.filter({
        ...{ graph, histories: batch, width, loaded },
        room: [first, second, third],
      });
      for (let user = 0; user < batch.length; user++)
        for (let item = 0; item < items; item++)
          out[(from + user) * items + item] = scores[item * width + user];
    }
  }

  /** The terms of the score: a filter is linear, so that each item of the history adds what it alone would give. */
  async explain(history: ArrayLike<number>, item: number): Promise<Reason[]> {
    return (await this.explainAll(history, [item]))[0];
  }

  /** {@link explain} of several items, in their order. */
  async explainAll(history: ArrayLike<number>, items: ArrayLike<number>): Promise<Reason[][]> {
    requireFitted(this);
    checkHistory(history, this.items);
    const wanted = Array.from(items);
    for (const item of wanted) requireIndex('item', item, this.items);
    const own = distinctItems(history);
    const reasons: Reason[][] = wanted.map(() => []);
    for (let from = 0; from < own.length; from += USERS_AT_ONCE) {
      const some = own.slice(from, from + USERS_AT_ONCE);
      const scores = new Float32Array(some.length * this.items);
      await this.score(
        some.map((one) => [one]),
        scores,
      );
      wanted.forEach((item, place) =>
        some.forEach((one, row) =>
          reasons[place].push({ item: one, weight: scores[row * this.items + item] }),
        ),
      );
    }
    return reasons.map(weightiestFirst);
  }

  async save(folder: string): Promise<void> {
    requireFitted(this);
    const { interactions, vectors } = this.#fitted!;
    const { cols, indptr, indices, values } = interactions;
    await saveModel(folder, this.kind, this.settings, {
      size: { shape: [1], data: Int32Array.of(cols) },
      indptr: { shape: [indptr.length], data: indptr },
      items: { shape: [indices.length], data: indices },
      ...(values && { values: { shape: [values.length], data: values } }),
      vectors: storedMatrix(vectors),
    });
  }

  /** Takes over what {@link save} wrote. @throws TowerkitError `BAD_MODEL` */
  protected async restore(saved: SavedModel): Promise<void> {
    const [cols] = saved.ints('size', [1], 1);
    const names = { indptr: 'indptr', indices: 'items', ...(saved.has('values') && { values: 'values' }) };
    const interactions = saved.build(() => mergedRows(saved.csr(names, cols)));
    const shape = saved.shape('vectors', 2);
    if (shape[0] !== cols) throw saved.bad(`"vectors" is of shape [${shape}], of ${cols} items`);
    const data = saved.floats('vectors', shape);
    await this.take(interactions, new Matrix(cols, shape[1], data));
  }

  async dispose(): Promise<void> {
    const pool = this.#fitted?.pool;
    this.#fitted = undefined;
    await pool?.close();
  }

  private async take(interactions: CsrMatrix, vectors: Matrix): Promise<void> {
    const pool = new KernelPool({ threads: this.threads });
    const graph = new ItemGraph(pool, interactions, vectors);
    const columns = Array.from({ length: 4 }, () => graph.columns());
    await this.dispose();
    this.#fitted = { pool, graph, interactions, vectors, columns };
  }
}
