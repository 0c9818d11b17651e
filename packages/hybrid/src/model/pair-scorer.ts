import { Matrix } from '@towerkit/core';
import { loadOnnx, type ModelTensor, type OnnxModel } from '@towerkit/engine/onnx';

import { TowerkitError } from '../errors.js';

/** The three ONNX models of an exported model of pairs: their bytes, or paths of their files. */
export interface PairModels {
  readonly user: Uint8Array | string;
  readonly item: Uint8Array | string;
  readonly head: Uint8Array | string;
}

/** Features of rows by the name of the tower's input, [rows, dimensions] each. */
export type PairFeatures = Readonly<Record<string, Matrix>>;

/** Outputs of a model of pairs by name, [users, items] each, row by row. */
export type PairOutputs = Readonly<Record<string, Float32Array>>;

/** Pairs in one run of the head, which takes some hundred bytes for each. */
const PAIRS_AT_ONCE = 1 << 18;

/**
 * Answers from an exported model of pairs. What depends on items alone is computed once, by {@link setItems}; a user
 * then costs a run of the user tower and the rest of the head.
 */
export class PairScorer {
  #items: { vectors: Matrix; prepared: Matrix } | undefined;

  private constructor(
    readonly user: OnnxModel,
    readonly item: OnnxModel,
    readonly head: OnnxModel,
  ) {}

  /**
   * @param source bytes of the models, or paths of their files
   * @param options.threads of ONNX Runtime; one per core by default
   * @throws TowerkitError `BAD_MODEL`
   */
  static async open(source: PairModels, options: { threads?: number } = {}): Promise<PairScorer> {
    const [user, item, head] = [
      await loadOnnx(source.user, options),
      await loadOnnx(source.item, options),
      await loadOnnx(source.head, options),
    ];
    return new PairScorer(user, item, head);
  }

  /** Computes the item tower for all items, in place of those given before. */
  async setItems(features: PairFeatures): Promise<void> {
    const { vectors, prepared } = await this.item.run(feeds(features));
    this.#items = { vectors: matrix(vectors), prepared: matrix(prepared) };
  }

  /** Vectors of the items, [items, dimensions]. @throws TowerkitError `NO_ITEMS` */
  get itemVectors(): Matrix {
    return this.#ready().vectors;
  }

  /** Vectors of users, [users, dimensions]. */
  async userVectors(features: PairFeatures): Promise<Matrix> {
    return matrix((await this.user.run(feeds(features))).vectors);
  }

  /**
   * Outputs of the model for each user with every item, or with the items given.
   *
   * @param users vectors, [users, dimensions]
   * @param items places among the items
   * @throws TowerkitError `NO_ITEMS` before {@link setItems}; `OUT_OF_RANGE` for an item that does not exist
   */
  async score(users: Matrix, items?: ArrayLike<number>): Promise<PairOutputs> {
    const all = this.#ready().prepared;
    const prepared = items ? all.gather(items) : all;
    const size = Math.max(1, Math.floor(PAIRS_AT_ONCE / Math.max(1, prepared.rows)));
    const out: Record<string, Float32Array> = Object.fromEntries(
      this.head.outputs.map((name) => [name, new Float32Array(users.rows * prepared.rows)]),
    );
    if (prepared.rows === 0) return out;
    for (let from = 0; from < users.rows; from += size) {
      const count = Math.min(size, users.rows - from);
      const part = users.data.subarray(from * users.cols, (from + count) * users.cols);
      const answer = await this.head.run({
        users: { data: part, shape: [count, users.cols] },
        prepared: { data: prepared.data, shape: [prepared.rows, prepared.cols] },
      });
      for (const name of this.head.outputs)
        out[name].set(answer[name].data as Float32Array, from * prepared.rows);
    }
    return out;
  }

  /** Gives back native memory. */
  async dispose(): Promise<void> {
    for (const model of [this.user, this.item, this.head]) await model.dispose();
  }

  #ready() {
    if (this.#items) return this.#items;
    throw new TowerkitError('NO_ITEMS', 'the items have not been computed', {
      hint: 'call setItems() first',
    });
  }
}

const feeds = (features: PairFeatures): Record<string, ModelTensor> =>
  Object.fromEntries(
    Object.entries(features).map(([name, { rows, cols, data }]) => [name, { data, shape: [rows, cols] }]),
  );

const matrix = ({ data, shape }: ModelTensor) => new Matrix(shape[0], shape[1], data as Float32Array);
