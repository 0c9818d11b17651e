import type { VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import {
  isZero,
  leftOut,
  ModelRanker,
  type CandidateQuery,
  type Candidates,
  type Content,
  type ContentEncoder,
  type FoundByText,
  type ModelKind,
  type OpenModelOptions,
  type RankedItems,
} from '@towerkit/recommend';

import { TowerkitError } from '../errors.js';
import { readSearchParts } from '../model/search-files.js';
import { SearchModel } from '../model/search-model.js';
import { SearchRecommender } from './search-recommender.js';

/** A search: a text finds products by words and vectors; products are similar by their vectors. */
export class SearchRanker extends ModelRanker<SearchRecommender> {
  readonly content: ContentEncoder;

  private constructor(readonly search: SearchModel) {
    super(new SearchRecommender(search.parts.vectors));
    this.content = {
      readsText: true,
      readsFeatures: false,
      encode: (contents) => this.#encode(contents),
      openStored: () => Promise.resolve(),
    };
  }

  /** @throws TowerkitError `BAD_ARTIFACT` */
  static async open(
    artifact: VerifiedArtifact,
    { threads, models }: OpenModelOptions,
  ): Promise<SearchRanker> {
    return new SearchRanker(
      await SearchModel.of(await readSearchParts(artifact, { threads, models }), { threads }),
    );
  }

  override get index(): string {
    return this.search.index.driver;
  }

  /** The best `k` products for a text, by the hybrid ranking; `allow` are masks of those that may come. */
  async searchText(
    text: string,
    k: number,
    asked: { readonly allow?: Float64Array; readonly history?: readonly number[] },
  ): Promise<FoundByText> {
    const hits = await this.search.search(text, k, asked);
    return {
      items: hits.map(({ item }) => item),
      scores: hits.map(({ score }) => score),
      parts: hits.map(({ lexical, tower }) => ({ lexical, tower })),
    };
  }

  /**
   * The best products of each query, which is a text.
   *
   * @param texts vectors of texts; in a history the ids from the number of items on stand for them
   */
  override candidates(queries: readonly CandidateQuery[], texts?: Matrix): Promise<Candidates[]> {
    return Promise.all(
      queries.map((query) =>
        this.#near(this.model.meanOf(query.history, texts), query.k, query.allow, leftOut(query)),
      ),
    );
  }

  override similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    return this.#near(this.vectorOf(item), k, allow, [item]);
  }

  override nearest(vector: Float32Array, k: number, allow?: Float64Array): Promise<RankedItems> {
    return this.#near(vector, k, allow, []);
  }

  override vectorOf(item: number): Float32Array {
    return this.search.parts.vectors.row(item);
  }

  /** Gives back the index of the products. */
  override async dispose(): Promise<void> {
    await super.dispose();
    await this.search.close();
  }

  async #near(
    vector: Float32Array,
    k: number,
    allow: Float64Array | undefined,
    deny: Iterable<number>,
  ): Promise<RankedItems> {
    if (isZero(vector)) return { items: [], scores: [] };
    const out = [...deny].filter((item) => item < this.search.size);
    const { ids, scores } = await this.search.index.search(vector, k, { filter: { allow, deny: out } });
    return { items: Array.from(ids), scores: Array.from(scores) };
  }

  async #encode(contents: readonly Content[]): Promise<Matrix> {
    const texts = contents.map((content) => {
      if ('text' in content) return content.text;
      throw new TowerkitError('NO_CONTENT', 'a search reads texts, no features', { hint: 'give a text' });
    });
    return this.search.parts.tower.encode(texts);
  }
}

/** The kind of model that this package adds to those of `@towerkit/recommend`. */
export const searchKind: ModelKind = {
  name: 'search',
  open: (artifact, options) => SearchRanker.open(artifact, options),
};
