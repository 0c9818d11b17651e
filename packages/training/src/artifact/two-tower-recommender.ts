import { Matrix, topK, TowerkitError, type Recommendations, type Recommender } from '@towerkit/core';
import { createEngine, loadOnnx, type Engine, type OnnxModel } from '@towerkit/engine';
import { join } from 'node:path';

import { DotScores } from '../inference/dot-scores.js';
import { fillHistories } from '../inference/history-feed.js';
import { readManifest, type ArtifactManifest } from './manifest.js';
import { readMatrices } from './read-matrices.js';
import type { TwoTowerFacts } from './two-tower-files.js';

const BATCH = 128;
const ITEM_GATES = 'item_gates.safetensors';

/** A trained two-tower read back from its artifact: the exported user tower and the item vectors. */
export class TwoTowerRecommender implements Pick<Recommender, 'kind' | 'items' | 'score' | 'recommend'> {
  readonly kind = 'two-tower';

  private constructor(
    readonly manifest: ArtifactManifest,
    readonly itemVectors: Matrix,
    /** What the item tower makes of each thing it reads, [items, parts of `gated.item`]; where the artifact keeps gates. */
    readonly itemGates: Matrix | undefined,
    readonly userRows: Readonly<Record<string, Matrix>>,
    readonly engine: Engine,
    readonly tower: OnnxModel,
    readonly dot: DotScores,
  ) {}

  /**
   * Loads an artifact.
   *
   * @param threads threads of ONNX Runtime; one per core by default
   * @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`
   */
  static async load(folder: string, { threads }: { threads?: number } = {}): Promise<TwoTowerRecommender> {
    const manifest = await readManifest(folder, 'two-tower');
    const { vectors } = await readMatrices(folder, 'item_vectors.safetensors');
    const facts = manifest.model as TwoTowerFacts;
    if (!vectors || vectors.cols !== facts.width || vectors.rows !== manifest.dataset.items)
      throw new TowerkitError('BAD_ARTIFACT', `${folder}: its item vectors do not fit its manifest`);
    const { gates } = ITEM_GATES in manifest.files ? await readMatrices(folder, ITEM_GATES) : {};
    if (gates && (gates.rows !== vectors.rows || gates.cols !== facts.gated?.item?.length))
      throw new TowerkitError('BAD_ARTIFACT', `${folder}: its gates do not fit its manifest`);
    const userRows = facts.userInputs.length > 0 ? await readMatrices(folder, 'user_rows.safetensors') : {};
    const engine = await createEngine({ threads });
    const tower = await loadOnnx(join(folder, 'user_tower.onnx'), { threads });
    const dot = await DotScores.create(BATCH, vectors.rows, vectors.cols, engine);
    return new TwoTowerRecommender(manifest, vectors, gates, userRows, engine, tower, dot);
  }

  get items(): number {
    return this.itemVectors.rows;
  }

  /**
   * Vectors of users.
   *
   * @param histories item ids, oldest first; the last `maxLength` count
   * @param users dense ids, for towers that know users by more than their history; -1 for someone unknown
   * @param strangers vectors of items that are not the artifact's, [n, width], such as an {@link ItemEncoder} gives:
   *   in a history the ids from `items` on stand for them
   * @returns [histories.length, width]
   */
  async userVectors(
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    strangers?: Matrix,
  ): Promise<Matrix> {
    return this.#ofUsers(
      'vectors',
      (this.manifest.model as TwoTowerFacts).width,
      histories,
      users,
      strangers,
    );
  }

  /**
   * What the user tower makes of each thing it reads of users; `undefined` where it has no gates.
   *
   * @returns [histories.length, parts of the manifest's `gated.user`]
   */
  async userGates(
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    strangers?: Matrix,
  ): Promise<Matrix | undefined> {
    const { gated } = this.manifest.model as Partial<TwoTowerFacts>;
    return gated?.user && this.#ofUsers('gates', gated.user.length, histories, users, strangers);
  }

  async #ofUsers(
    output: 'vectors' | 'gates',
    columns: number,
    histories: readonly ArrayLike<number>[],
    users?: ArrayLike<number>,
    strangers?: Matrix,
  ): Promise<Matrix> {
    const { maxLength, width, history: hasHistory } = this.manifest.model as TwoTowerFacts;
    const out = new Matrix(histories.length, columns);
    for (let start = 0; start < histories.length; start += BATCH) {
      const batch = histories.slice(start, start + BATCH);
      const size = batch.length;
      const mask = new Float32Array(size * maxLength);
      const feeds: Parameters<OnnxModel['run']>[0] = { mask: { data: mask, shape: [size, maxLength] } };
      const vectors = new Float32Array(size * maxLength * width);
      fillHistories(batch, this.itemVectors, maxLength, vectors, mask, strangers);
      if (hasHistory) feeds.history = { data: vectors, shape: [size, maxLength, width] };
      for (const [name, rows] of Object.entries(this.userRows)) {
        const given = new Matrix(size, rows.cols);
        for (let row = 0; row < size; row++) {
          const user = users?.[start + row] ?? -1;
          if (user >= 0) given.row(row).set(rows.row(user));
        }
        feeds[name] = { data: given.data, shape: [size, rows.cols] };
      }
      const wanted = Object.fromEntries(this.tower.inputs.map((name) => [name, feeds[name]]));
      const { [output]: result } = await this.tower.run(wanted);
      out.data.set(result.data as Float32Array, start * columns);
    }
    return out;
  }

  async score(
    histories: readonly ArrayLike<number>[],
    out: Float32Array,
    users?: ArrayLike<number>,
  ): Promise<void> {
    await this.scoreVectors(await this.userVectors(histories, users), out);
  }

  /**
   * Every item's score for each user vector.
   *
   * @param vectors as {@link userVectors} gives them, [users, width]
   * @param out receives [users * items]
   */
  async scoreVectors(vectors: Matrix, out: Float32Array): Promise<void> {
    const batch = new Float32Array(BATCH * vectors.cols);
    for (let start = 0; start < vectors.rows; start += BATCH) {
      const size = Math.min(BATCH, vectors.rows - start);
      batch.set(vectors.data.subarray(start * vectors.cols, (start + size) * vectors.cols));
      const scores = await this.dot.compute(batch, this.itemVectors);
      out.set(scores.subarray(0, size * this.items), start * this.items);
    }
  }

  /** @param strangers see {@link userVectors} */
  async recommend(
    histories: readonly ArrayLike<number>[],
    k: number,
    users?: ArrayLike<number>,
    strangers?: Matrix,
  ): Promise<Recommendations[]> {
    const scores = new Float32Array(histories.length * this.items);
    await this.scoreVectors(await this.userVectors(histories, users, strangers), scores);
    return histories.map((history, row) =>
      topK(scores.subarray(row * this.items, (row + 1) * this.items), k, history),
    );
  }

  async dispose(): Promise<void> {
    await this.tower.dispose();
    await this.engine.dispose();
  }
}
