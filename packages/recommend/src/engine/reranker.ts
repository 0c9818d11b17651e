import type { Ranker } from '../ranker.js';
import type { RankedItems, UserRow } from './question.js';

/** Another model, which ranks the candidates again by its own scores. */
export class Reranker {
  /** @param ids its dense id of each item of the model that finds the candidates, -1 for one it does not know */
  constructor(
    readonly ranker: Ranker,
    readonly ids: Int32Array,
  ) {}

  get kind(): string {
    return this.ranker.kind;
  }

  /**
   * The candidates by this model's scores; those it does not know follow in the order they came in, with the lowest.
   *
   * @param history dense ids of the model that found the candidates
   * @param user this model's dense id, -1 for a user it does not know
   * @param moment what this model reads of the moment, if anything
   */
  async rerank(
    { items }: RankedItems,
    history: readonly number[],
    user: number,
    moment?: UserRow,
  ): Promise<RankedItems> {
    const own = history.flatMap((item) => (this.ids[item] >= 0 ? this.ids[item] : []));
    if (own.length === 0) return { items, scores: items.map((_, place) => -place) };
    const known = items.filter((item) => this.ids[item] >= 0);
    const scores = await this.ranker.score(
      own,
      user,
      known.map((item) => this.ids[item]),
      moment,
    );
    const scored = known.map((item, place) => ({ item, id: this.ids[item], score: scores[place] }));
    scored.sort((a, b) => b.score - a.score || a.id - b.id);
    const lowest = scored.at(-1)?.score ?? 0;
    const unknown = items.filter((item) => this.ids[item] < 0).map((item) => ({ item, score: lowest }));
    const all = [...scored, ...unknown];
    return { items: all.map(({ item }) => item), scores: all.map(({ score }) => score) };
  }

  dispose(): Promise<void> {
    return this.ranker.dispose();
  }
}
