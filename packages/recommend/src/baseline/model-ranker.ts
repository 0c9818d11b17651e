import { TowerkitError } from '../errors.js';
import { bestOf } from '../engine/best-of.js';
import { CosineIndex } from '../engine/cosine-index.js';
import type { Explanation, RankedItems, UserRow, Weight } from '../engine/question.js';
import { leftOut, type CandidateQuery, type Candidates, type Ranker, type SavedModel } from '../ranker.js';

/** A baseline: it scores every item, and the best are its candidates. */
export class ModelRanker<Model extends SavedModel = SavedModel> implements Ranker {
  #cosine: Promise<CosineIndex> | undefined;

  constructor(readonly model: Model) {}

  /** Every item is scored. */
  get index(): string {
    return 'all items';
  }

  get explains(): boolean {
    return this.model.explain !== undefined;
  }

  /** Kind of the model. */
  get kind(): string {
    return this.model.kind;
  }

  /** The best items of each query, every item scored. */
  async candidates(queries: readonly CandidateQuery[]): Promise<Candidates[]> {
    const { items } = this.model;
    const scores = new Float32Array(queries.length * items);
    await this.model.score(
      queries.map(({ history }) => history),
      scores,
      queries.map(({ user }) => user),
      queries.map(({ userRow }) => userRow),
    );
    return queries.map((query, row) =>
      bestOf(scores.subarray(row * items, (row + 1) * items), query.k, leftOut(query), query.allow),
    );
  }

  async score(
    history: readonly number[],
    user: number,
    items: readonly number[],
    userRow?: UserRow,
  ): Promise<Float32Array> {
    const scores = new Float32Array(this.model.items);
    await this.model.score([history], scores, [user], [userRow]);
    return Float32Array.from(items, (item) => scores[item]);
  }

  async similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    const [found] = await this.candidates([{ history: [item], user: -1, k, deny: [], allow }]);
    return found;
  }

  nearest(_vector: Float32Array, _k: number, _allow?: Float64Array): Promise<RankedItems> {
    throw new TowerkitError('NO_CONTENT', `a model of the kind ${this.kind} reads no content`);
  }

  vectorOf(_item: number): Float32Array {
    throw new TowerkitError('NO_VECTORS', `a model of the kind ${this.kind} has no vectors of items`, {
      hint: 'leave diversity out, or ask a tower or ALS',
    });
  }

  async explain(history: readonly number[], _user: number, items: readonly number[]): Promise<Explanation> {
    const { model } = this;
    if (model.explainAll) return { reasons: await model.explainAll(history, items) };
    const reasons: Weight[][] = [];
    for (const item of items) reasons.push([...(await model.explain!(history, item))]);
    return { reasons };
  }

  /** Gives back what the model holds. */
  async dispose(): Promise<void> {
    await this.model.dispose?.();
    await (await this.#cosine)?.close();
  }

  /** The index of the item vectors, built when it is first asked for. */
  protected likeness(): Promise<CosineIndex> {
    if (!this.#cosine) {
      this.#cosine = CosineIndex.of(this.model.items, (item) => this.vectorOf(item));
      this.#cosine.catch(() => (this.#cosine = undefined)); // an error is not kept for the next question
    }
    return this.#cosine;
  }
}
