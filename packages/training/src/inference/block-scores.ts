import { Matrix } from '@towerkit/core';
import type { CompiledFunction, Engine } from '@towerkit/engine';
import type { BlockScorer, BlockScores as Scores, Scorer } from '@towerkit/metrics';
import * as tf from '@tensorflow/tfjs-core';

/** Items of a block, and users scored at a time: a product that stays in a processor's caches. */
const [ITEMS, ROWS] = [2048, 256];
/** Values of user vectors held at a time, 16 MiB; vectors of 1,024 users at least, the most that are scored in whole rows. */
const HELD = 1 << 22;

/** Vectors of some users, [users, dimensions] or longer; valid until the next call. */
export type VectorsOf = (users: Int32Array) => Promise<Float32Array>;

/** Scores of blocks of items by products of vectors, while a model trains. */
export class BlockScores {
  private constructor(
    readonly dimensions: number,
    /** Items by block, in the order in which they are scored. */
    readonly blocks: readonly Int32Array[],
    readonly compiled: CompiledFunction,
  ) {}

  /** @param popularity of each item: what is popular is scored first, as it ranks high for most people */
  static async create(
    popularity: ArrayLike<number>,
    dimensions: number,
    engine: Engine,
  ): Promise<BlockScores> {
    const order = Int32Array.from({ length: popularity.length }, (_, item) => item);
    order.sort((a, b) => popularity[b] - popularity[a] || a - b);
    const width = Math.min(ITEMS, order.length);
    const blocks = Array.from({ length: Math.ceil(order.length / width) }, (_, block) =>
      order.subarray(block * width, (block + 1) * width),
    );
    const compiled = await engine.compile(
      ({ users, items }) => ({ scores: tf.matMul(users as tf.Tensor2D, items as tf.Tensor2D, false, true) }),
      { inputs: { users: { shape: [ROWS, dimensions] }, items: { shape: [width, dimensions] } } },
    );
    return new BlockScores(dimensions, blocks, compiled);
  }

  /**
   * Scores of the model as it is now, in the two forms that `evaluateFullRanking` takes.
   *
   * @param itemVectors [items, dimensions]
   * @param vectorsOf computes vectors of users, at most `batch` at a time
   * @param lengthOf length of a user's history: users of about one length come together
   */
  scorers(
    itemVectors: Matrix,
    vectorsOf: VectorsOf,
    { batch, lengthOf }: { readonly batch: number; readonly lengthOf: (user: number) => number },
  ): { readonly blocks: BlockScorer; readonly scorer: Scorer } {
    const { dimensions, blocks } = this;
    const width = blocks[0].length;
    const items = blocks.map((ids) => gathered(itemVectors, ids, width));
    const held = new Matrix(Math.max(1024, Math.floor(HELD / dimensions)), dimensions);
    const asked = new Float32Array(ROWS * dimensions);
    const hold = async (users: Int32Array) => {
      const lengths = users.map(lengthOf);
      const order = Int32Array.from(users.keys()).sort((a, b) => lengths[a] - lengths[b] || a - b);
      for (let from = 0; from < order.length; from += batch) {
        const places = order.subarray(from, from + batch);
        const vectors = await vectorsOf(places.map((place) => users[place]));
        places.forEach((place, row) =>
          held.row(place).set(vectors.subarray(row * dimensions, (row + 1) * dimensions)),
        );
      }
    };
    const score = async (places: Int32Array, block: number): Promise<Scores> => {
      places.forEach((place, row) => asked.set(held.row(place), row * dimensions));
      const { outputs } = await this.compiled.run({ users: asked, items: items[block] });
      return { scores: outputs.scores as Float32Array, stride: width };
    };
    const scorer: Scorer = async (users, out) => {
      await hold(users);
      for (let from = 0; from < users.length; from += ROWS) {
        const places = Int32Array.from({ length: Math.min(ROWS, users.length - from) }, (_, i) => from + i);
        for (let block = 0; block < blocks.length; block++) {
          const { scores } = await score(places, block);
          places.forEach((place, row) => {
            const at = place * itemVectors.rows;
            blocks[block].forEach((item, column) => (out[at + item] = scores[row * width + column]));
          });
        }
      }
    };
    return { blocks: { blocks, users: held.rows, rows: ROWS, hold, score }, scorer };
  }

  dispose(): Promise<void> {
    return this.compiled.dispose();
  }
}

/** Rows of a matrix by their numbers; zeros behind them, to `rows`. */
function gathered(matrix: Matrix, ids: Int32Array, rows: number): Float32Array {
  const out = new Float32Array(rows * matrix.cols);
  ids.forEach((id, row) => out.set(matrix.row(id), row * matrix.cols));
  return out;
}
