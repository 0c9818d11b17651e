import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import type { VectorIndex } from '@towerkit/retrieval';

import { dot } from '../engine/best-of.js';
import { CosineIndex } from '../engine/cosine-index.js';
import type {
  ContentEncoder,
  Explanation,
  GateWeights,
  MomentReader,
  RankedItems,
  UserReader,
  UserRow,
} from '../engine/question.js';
import { exactIndex, hasIndex, openIndex } from '../index/open-index.js';
import { searchIndex } from '../index/search-index.js';
import { withKept } from './kept-items.js';
import type { CandidateQuery, Candidates, OpenModelOptions, Ranker } from '../ranker.js';
import { TowerContentEncoder } from './content-encoder.js';
import { contentDimensions } from './facts.js';
import { TwoTowerRecommender } from './two-tower-recommender.js';

/** A two-tower: the user tower makes a vector, the index finds the items of the highest product with it. */
export class TowerRanker implements Ranker {
  readonly kind = 'two-tower';
  readonly #contentDimensions: number;
  #cosine: Promise<CosineIndex> | undefined;

  private constructor(
    readonly model: TwoTowerRecommender,
    readonly vectors: VectorIndex,
    readonly content: (ContentEncoder & { dispose(): Promise<void> }) | undefined,
  ) {
    this.#contentDimensions = contentDimensions(model.facts);
  }

  /**
   * Opens the tower, and the artifact's index where it has one; else all vectors are searched.
   *
   * @throws TowerkitError `BAD_ARTIFACT`; those of `loadIndex`
   */
  static async open(
    artifact: VerifiedArtifact,
    { threads, models, index }: OpenModelOptions,
  ): Promise<TowerRanker> {
    const model = await TwoTowerRecommender.load(artifact, { threads, models });
    try {
      const vectors = hasIndex(artifact)
        ? await openIndex(artifact, model.itemVectors, { threads, index })
        : await exactIndex(model.itemVectors, threads);
      const content = TowerContentEncoder.of(artifact, model.facts, { models, threads });
      return new TowerRanker(model, vectors, content);
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  get readsHistory(): boolean {
    return this.model.facts.history;
  }

  /** Without a history to read there is nothing that a score could come from. */
  get explains(): boolean {
    return this.readsHistory;
  }

  get users(): UserReader | undefined {
    return this.model.users;
  }

  get moments(): MomentReader | undefined {
    return this.model.moments;
  }

  get index(): string {
    return this.vectors.driver;
  }

  async candidates(queries: readonly CandidateQuery[], contentVectors?: Matrix): Promise<Candidates[]> {
    const users = await this.model.userVectors(
      queries.map(({ history }) => history),
      queries.map(({ user }) => user),
      contentVectors,
      queries.map(({ userRow }) => userRow),
    );
    const search = (asked: readonly CandidateQuery[]) =>
      searchIndex(this.vectors, this.model.itemVectors, users, asked);
    if (!this.model.facts.frequency) return search(queries);
    // An index does not know the term of frequencies: items of histories are scored here, all others by the index.
    const found = await search(queries.map((query) => ({ ...query, keep: undefined })));
    return found.map((candidates, row) =>
      withKept(candidates, queries[row], (items) =>
        this.#scores(users.row(row), queries[row].history, items),
      ),
    );
  }

  async score(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow?: UserRow,
  ): Promise<Float32Array> {
    const vectors = await this.model.userVectors([history], [user], undefined, [userRow]);
    return this.#scores(vectors.row(0), history, items);
  }

  #scores(user: Float32Array, history: readonly number[], items: readonly number[]): Float32Array {
    const more = this.model.frequencies(history);
    return Float32Array.from(
      items,
      (item) => dot(user, this.model.itemVectors.row(item)) + (more.get(item) ?? 0),
    );
  }

  async similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    return (await this.#likeness()).similar(item, k, allow);
  }

  async nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<RankedItems> {
    return (await this.#likeness()).nearest(vector.subarray(0, this.#contentDimensions), k, allow);
  }

  /** The item vector without its bias, which depends on popularity, not on similarity. */
  vectorOf(item: number): Float32Array {
    return this.model.itemVectors.row(item).subarray(0, this.#contentDimensions);
  }

  /** Leave one out: what the score loses when an item is taken from the history, each time that it stands there. */
  async explain(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow?: UserRow,
  ): Promise<Explanation> {
    const { maxLength } = this.model.facts;
    const read = history.slice(-maxLength);
    const from = [...new Set(read)];
    const variants = [history, ...from.map((item) => history.filter((other) => other !== item))];
    const vectors = await this.model.userVectors(
      [read, ...from.map((item) => read.filter((other) => other !== item))],
      variants.map(() => user),
      undefined,
      variants.map(() => userRow),
    );
    const scores = variants.map((known, row) => this.#scores(vectors.row(row), known, items));
    const gates = await this.#gates(read, user, items, userRow);
    const reasons = items.map((_, at) =>
      from
        .map((item, place) => ({ item, weight: scores[0][at] - scores[place + 1][at] }))
        .sort((a, b) => b.weight - a.weight),
    );
    return { reasons, ...(gates && { gates }) };
  }

  /** Absent for a model that predicts no ratings. */
  get ratings(): Ranker['ratings'] {
    if (!this.model.facts.rating) return undefined;
    return async (...asked) => (await this.model.ratings(...asked))!;
  }

  async dispose(): Promise<void> {
    await this.model.dispose();
    await this.vectors.close();
    await (await this.#cosine)?.close();
    await this.content?.dispose();
  }

  async #gates(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow: UserRow | undefined,
  ): Promise<GateWeights | undefined> {
    const { gated } = this.model.facts;
    if (!gated.user && !gated.item) return undefined;
    const { itemGates } = this.model;
    const ofUser = await this.model.userGates([history], [user], undefined, [userRow]);
    return {
      ...(ofUser && { user: named(gated.user!, ofUser.row(0)) }),
      ...(itemGates && { items: items.map((item) => named(gated.item!, itemGates.row(item))) }),
    };
  }

  #likeness(): Promise<CosineIndex> {
    if (!this.#cosine) {
      this.#cosine = CosineIndex.of(this.model.items, (item) => this.vectorOf(item));
      this.#cosine.catch(() => (this.#cosine = undefined)); // an error is not kept for the next question
    }
    return this.#cosine;
  }
}

const named = (names: readonly string[], values: Float32Array) =>
  Object.fromEntries(names.map((name, place) => [name, values[place]]));
