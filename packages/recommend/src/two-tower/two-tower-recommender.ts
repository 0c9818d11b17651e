import { badArtifact, readMatrices, verifyArtifact, type VerifiedArtifact } from '@towerkit/artifact';
import { fillHistories, frequencyScores, Matrix, topK, type Recommendations } from '@towerkit/core';
import { loadOnnx, type OnnxModel } from '@towerkit/engine/onnx';
import { DotScores, KernelPool } from '@towerkit/kernels/internal';
import { join } from 'node:path';

import { dot } from '../engine/best-of.js';
import type { UserRow } from '../engine/question.js';
import type { SavedModel, SavedVectorScores } from '../ranker.js';
import { twoTowerFactsOf, type TwoTowerFacts } from './facts.js';
import { MomentEncoder } from './moment-encoder.js';
import { UserEncoder } from './user-encoder.js';

const BATCH = 128;
const NOTHING: ReadonlyMap<number, number> = new Map();
const ITEM_GATES = 'item_gates.safetensors';

/** A trained two-tower read back from its artifact: the exported user tower and the item vectors. */
export class TwoTowerRecommender implements SavedModel {
  readonly kind = 'two-tower';

  #scores: { pool: KernelPool; dot: DotScores } | undefined;

  private constructor(
    readonly facts: TwoTowerFacts,
    /** [items, dimensions], the bias last where the model has one. */
    readonly itemVectors: Matrix,
    /** Gate weights of each item, [items, gates of `facts.gated.item`]; absent if the artifact has none. */
    readonly itemGates: Matrix | undefined,
    readonly userRows: Readonly<Record<string, Matrix>>,
    /** Reads features of users; absent if the tower reads none. */
    readonly users: UserEncoder | undefined,
    /** Reads moments of questions; absent if the tower reads none. */
    readonly moments: MomentEncoder | undefined,
    readonly tower: OnnxModel,
    readonly threads: number | undefined,
  ) {}

  /**
   * Opens an artifact.
   *
   * @param source a folder, or an artifact that was verified already
   * @param threads threads of ONNX Runtime and of scoring; one per core by default
   * @param models folder of local text models, for texts about users
   * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
   * @example
   * ```ts
   * const model = await TwoTowerRecommender.load('artifacts/shop');
   * const [{ items }] = await model.recommend([[3, 14, 15]], 10);
   * ```
   */
  static async load(
    source: string | VerifiedArtifact,
    { threads, models }: { threads?: number; models?: string } = {},
  ): Promise<TwoTowerRecommender> {
    const artifact = await verifyArtifact(source, 'two-tower');
    const { folder, manifest } = artifact;
    const facts = twoTowerFactsOf(artifact);
    const read = async (file: string) => (await readMatrices(join(folder, file))).matrices;
    const { vectors } = await read('item_vectors.safetensors');
    if (!vectors || vectors.cols !== facts.dimensions || vectors.rows !== manifest.dataset.items)
      throw badArtifact(folder, 'its item vectors do not fit its manifest');
    const { gates } = ITEM_GATES in manifest.files ? await read(ITEM_GATES) : {};
    if (gates && (gates.rows !== vectors.rows || gates.cols !== facts.gated.item?.length))
      throw badArtifact(folder, 'its gates do not fit its manifest');
    const userRows = facts.userInputs.length > 0 ? await read('user_rows.safetensors') : {};
    const users = await UserEncoder.load(artifact, facts, { threads, models });
    const moments = await MomentEncoder.load(artifact, facts);
    const tower = await loadOnnx(join(folder, 'user_tower.onnx'), { threads });
    return new TwoTowerRecommender(facts, vectors, gates, userRows, users, moments, tower, threads);
  }

  get items(): number {
    return this.itemVectors.rows;
  }

  /**
   * Vectors of users.
   *
   * @param histories item ids, oldest first; the last `maxLength` count
   * @param users dense ids, for towers that know users by more than their history; -1 for someone unknown
   * @param contentVectors vectors of items that are not the artifact's, [n, dimensions], such as an {@link ItemEncoder}
   *   gives: in a history the ids from `items` on stand for them
   * @param said what is said of some of them, as `users` reads it, in place of what the table of users has, and of their
   *   moments, as `moments` reads it; one of which nothing is said is unknown
   * @returns [histories.length, dimensions]
   */
  async userVectors(
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    contentVectors?: Matrix,
    said?: readonly (UserRow | undefined)[],
  ): Promise<Matrix> {
    return this.#ofUsers('vectors', this.facts.dimensions, histories, users, contentVectors, said);
  }

  /**
   * Predicted ratings of some items for one user; `undefined` if the model predicts none.
   *
   * @param items dense ids, [n]
   * @returns [n], within the range of the ratings it was trained on
   */
  async ratings(
    history: ArrayLike<number>,
    user: number,
    items: readonly number[],
    contentVectors?: Matrix,
    said?: UserRow,
  ): Promise<Float32Array | undefined> {
    const { rating, dimensions } = this.facts;
    if (!rating) return undefined;
    const asked = [[history], [user], contentVectors, [said]] as const;
    const vector = (await this.#ofUsers(rating.of, dimensions, ...asked)).row(0);
    const [low, high] = rating.range ?? [-Infinity, Infinity];
    return Float32Array.from(items, (item) => {
      const predicted = rating.offset + dot(vector, this.itemVectors.row(item));
      return Math.min(high, Math.max(low, predicted));
    });
  }

  /**
   * Gate weights of users; `undefined` if the user tower has no gates.
   *
   * @returns [histories.length, gates of `facts.gated.user`]
   */
  async userGates(
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    contentVectors?: Matrix,
    said?: readonly (UserRow | undefined)[],
  ): Promise<Matrix | undefined> {
    const { gated } = this.facts;
    return gated.user && this.#ofUsers('gates', gated.user.length, histories, users, contentVectors, said);
  }

  async #ofUsers(
    output: 'vectors' | 'gates' | 'ratings',
    columns: number,
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    contentVectors?: Matrix,
    said?: readonly (UserRow | undefined)[],
  ): Promise<Matrix> {
    const unknown = await this.users?.unknown();
    const atNoTime = await this.moments?.unknownRow();
    const { maxLength, dimensions, history: hasHistory } = this.facts;
    const out = new Matrix(histories.length, columns);
    for (let start = 0; start < histories.length; start += BATCH) {
      const batch = histories.slice(start, start + BATCH);
      const size = batch.length;
      const mask = new Float32Array(size * maxLength);
      const feeds: Parameters<OnnxModel['run']>[0] = { mask: { data: mask, shape: [size, maxLength] } };
      const vectors = new Float32Array(size * maxLength * dimensions);
      fillHistories(batch, this.itemVectors, maxLength, vectors, mask, contentVectors);
      if (hasHistory) feeds.history = { data: vectors, shape: [size, maxLength, dimensions] };
      for (const [name, rows] of Object.entries(this.userRows)) {
        const given = new Matrix(size, rows.cols);
        for (let row = 0; row < size; row++) {
          const user = users?.[start + row] ?? -1;
          const own = said?.[start + row]?.[name] ?? (user >= 0 ? rows.row(user) : unknown?.[name]);
          if (own) given.row(row).set(own);
        }
        feeds[name] = { data: given.data, shape: [size, rows.cols] };
      }
      for (const [name, input] of Object.entries(this.moments?.inputs ?? {})) {
        const given = new Matrix(size, input.dimensions);
        for (let row = 0; row < size; row++)
          given.row(row).set(said?.[start + row]?.[name] ?? atNoTime![name]);
        feeds[name] = { data: given.data, shape: [size, input.dimensions] };
      }
      const wanted = Object.fromEntries(this.tower.inputs.map((name) => [name, feeds[name]]));
      const { [output]: result } = await this.tower.run(wanted);
      out.data.set(result.data as Float32Array, start * columns);
    }
    return out;
  }

  /**
   * Every item's score for each history.
   *
   * @param said see {@link userVectors}
   */
  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
    said?: readonly (UserRow | undefined)[],
  ): Promise<void> {
    await this.scoreVectors(await this.userVectors(histories, users, undefined, said), out);
    for (let row = 0; row < histories.length; row++)
      for (const [item, more] of this.frequencies(histories[row])) out[row * this.items + item] += more;
  }

  /** Absent for a model that adds a term of frequency to the products. */
  get vectorScores(): SavedVectorScores | undefined {
    if (this.facts.frequency) return undefined;
    return {
      items: this.itemVectors,
      users: (histories, users, said) => this.userVectors(histories, users, undefined, said),
    };
  }

  /**
   * What is added to the product of the vectors for the items of a history, by item; nothing for a model without such a term.
   *
   * @param history as {@link userVectors} takes it; ids that stand for contents have no score, and so nothing added
   */
  frequencies(history: ArrayLike<number>): ReadonlyMap<number, number> {
    const { frequency } = this.facts;
    return frequency
      ? frequencyScores(
          Array.from(history).filter((item) => item < this.items),
          frequency,
        )
      : NOTHING;
  }

  /**
   * Every item's score for each user vector.
   *
   * @param vectors as {@link userVectors} gives them, [users, dimensions]
   * @param out receives [users * items]
   */
  async scoreVectors(vectors: Matrix, out: Float32Array): Promise<void> {
    if (!this.#scores) {
      const pool = new KernelPool({ threads: this.threads });
      this.#scores = { pool, dot: new DotScores(pool, this.itemVectors) };
    }
    await this.#scores.dot.score(vectors, out);
  }

  /**
   * The best `k` items for each history, which are not of it.
   *
   * @param contentVectors see {@link userVectors}
   */
  async recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
    contentVectors?: Matrix,
  ): Promise<Recommendations[]> {
    const scores = new Float32Array(histories.length * this.items);
    await this.scoreVectors(await this.userVectors(histories, users, contentVectors), scores);
    return histories.map((history, row) =>
      topK(scores.subarray(row * this.items, (row + 1) * this.items), k, history),
    );
  }

  async dispose(): Promise<void> {
    await this.tower.dispose();
    await this.users?.dispose();
    await this.#scores?.pool.close();
  }
}
