import { Als } from '@towerkit/als';
import type { VerifiedArtifact } from '@towerkit/artifact';
import { CsrMatrix } from '@towerkit/core';
import type { VectorIndex } from '@towerkit/retrieval';

import { dot } from '../engine/best-of.js';
import type { RankedItems } from '../engine/question.js';
import { hasIndex, openIndex } from '../index/open-index.js';
import { searchIndex } from '../index/search-index.js';
import type { CandidateQuery, Candidates, OpenModelOptions } from '../ranker.js';
import { ModelRanker } from './model-ranker.js';

/** ALS: a baseline with vectors. Its candidates come from the artifact's index where it has one. */
export class AlsRanker extends ModelRanker<Als> {
  private constructor(
    model: Als,
    readonly vectors: VectorIndex | undefined,
  ) {
    super(model);
  }

  /** @throws TowerkitError `BAD_ARTIFACT`; those of `loadIndex` */
  static async open(artifact: VerifiedArtifact, options: OpenModelOptions): Promise<AlsRanker> {
    const model = await Als.load(artifact.folder);
    try {
      const index = hasIndex(artifact) ? await openIndex(artifact, model.itemFactors, options) : undefined;
      return new AlsRanker(model, index);
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  override get index(): string {
    return this.vectors?.driver ?? 'all items';
  }

  override async candidates(queries: readonly CandidateQuery[]): Promise<Candidates[]> {
    if (!this.vectors) return super.candidates(queries);
    const { itemFactors, items } = this.model;
    const histories = CsrMatrix.fromRows(
      queries.map(({ history }) => history),
      items,
    );
    return searchIndex(this.vectors, itemFactors, await this.model.foldInUsers(histories), queries);
  }

  override async score(history: readonly number[], _user: number, items: readonly number[]) {
    const vector = await this.model.foldInUser(history);
    return Float32Array.from(items, (item) => dot(vector, this.model.itemFactors.row(item)));
  }

  override async similar(item: number, k: number, allow?: Float64Array): Promise<RankedItems> {
    return (await this.likeness()).similar(item, k, allow);
  }

  override vectorOf(item: number): Float32Array {
    return this.model.itemFactors.row(item);
  }

  override async dispose(): Promise<void> {
    await super.dispose();
    await this.vectors?.close();
  }
}
