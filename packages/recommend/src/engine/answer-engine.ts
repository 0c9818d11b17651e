import { readArtifactTable, requireUnchanged, type VerifiedArtifact } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import type { Predicate } from '@towerkit/retrieval';

import { TowerkitError } from '../errors.js';
import { openRanker, standardKinds } from '../kinds.js';
import type { Candidates, ModelKind, OpenModelOptions, Ranker } from '../ranker.js';
import { encodeContents, historiesOf, type Encoded, type Warm } from './contents.js';
import { diversify } from './diversify.js';
import { ItemFilter } from './item-filter.js';
import { failureOf } from './outcome.js';
import type {
  Content,
  ContentEncoder,
  Explanation,
  Found,
  Outcome,
  Question,
  RankedItems,
} from './question.js';
import { Reranker } from './reranker.js';

/** Candidates that are reranked or diversified, by default. */
export const DEFAULT_CANDIDATES = 1000;

/** Reasons given for an item, at most. */
const REASONS = 3;

/** Options of {@link AnswerEngine.open}. */
export interface AnswerEngineOptions extends OpenModelOptions {
  /** An artifact that was verified, see `verifyArtifact`; `catalog` too where its tables were read already. */
  readonly artifact: VerifiedArtifact & { readonly catalog?: Readonly<Record<string, ArrayLike<unknown>>> };
  /** The kinds of models that may answer; {@link standardKinds} by default. */
  readonly kinds?: readonly ModelKind[];
  /** Candidates that are reranked or diversified. Default 1,000. */
  readonly candidates?: number;
  /** Another artifact, whose model reranks; `ids` are its dense ids of this artifact's items, -1 for unknown ones. */
  readonly rerank?: { readonly artifact: VerifiedArtifact; readonly ids: Int32Array };
}

/**
 * One artifact, answering: candidates of the model's index, filters, a model that reranks, diversity, reasons. Everything
 * is by dense ids. It computes on the thread it is called on.
 */
export class AnswerEngine {
  private constructor(
    readonly ranker: Ranker,
    readonly filter: ItemFilter,
    readonly reranker: Reranker | undefined,
    readonly candidates: number,
  ) {}

  /** @throws TowerkitError `BAD_ARTIFACT`; those of an index; `ARTIFACT_CHANGED` when it is replaced meanwhile */
  static async open(options: AnswerEngineOptions): Promise<AnswerEngine> {
    const { artifact, kinds = standardKinds, candidates = DEFAULT_CANDIDATES, rerank, ...open } = options;
    const opened: { dispose?(): Promise<void>; close?(): Promise<void> }[] = [];
    try {
      const catalog = artifact.catalog ?? (await readArtifactTable(artifact, 'items.parquet')).columns;
      const filter = await ItemFilter.of(catalog);
      opened.push(filter);
      const ranker = await openRanker(artifact, kinds, open);
      opened.push(ranker);
      const reranker = rerank && new Reranker(await openRanker(rerank.artifact, kinds, open), rerank.ids);
      if (reranker) opened.push(reranker);
      for (const one of [artifact, ...(rerank ? [rerank.artifact] : [])]) await requireUnchanged(one);
      return new AnswerEngine(ranker, filter, reranker, candidates);
    } catch (error) {
      for (const one of opened) await (one.dispose?.() ?? one.close?.());
      throw error;
    }
  }

  /** Answers questions; an error of one does not affect the others. */
  async recommend(questions: readonly Question[]): Promise<Outcome<Found>[]> {
    const out = new Array<Outcome<Found>>(questions.length);
    const warm: Warm[] = [];
    for (const [place, question] of questions.entries())
      try {
        const allow = question.where && (await this.filter.passing(question.where));
        if (question.history.length > 0 || question.content) warm.push({ place, question, allow });
        else out[place] = { value: await this.#popular(question) };
      } catch (error) {
        out[place] = { failure: failureOf(error) };
      }
    const { encoded, failures } = await encodeContents(warm, () => this.#encoder());
    for (const [place, failure] of failures) out[place] = { failure };
    await this.#answer(encoded, out);
    return out;
  }

  /** The items most similar to one. */
  async similar({ item, k, where }: { item: number; k: number; where?: Predicate }): Promise<Found> {
    const allow = where && (await this.filter.passing(where));
    return { ...(await this.ranker.similar(item, k, allow)), source: this.ranker.kind };
  }

  /** The items most similar to a text or other content. @throws TowerkitError `NO_CONTENT` */
  async search({ content, k, where }: { content: Content; k: number; where?: Predicate }): Promise<Found> {
    const allow = where && (await this.filter.passing(where));
    const vectors = await this.#encoder().encode([content]);
    return { ...(await this.ranker.nearest(vectors.row(0), k, allow)), source: this.ranker.kind };
  }

  /** Dense ids of the items that meet a predicate. */
  async passing({ where }: { where: Predicate }): Promise<Float64Array> {
    return (await this.filter.passing(where)).slice();
  }

  /**
   * Tries the model before it serves: every history must get finite scores.
   *
   * @returns the recall of its index against an exact search
   * @throws TowerkitError `BAD_ARTIFACT`
   */
  async check({ histories, k }: { histories: readonly (readonly number[])[]; k: number }) {
    const outcomes = await this.recommend(
      [...histories, []].map((history) => ({ history, user: -1, k, measure: true })),
    );
    const recalls: number[] = [];
    for (const outcome of outcomes) {
      if ('failure' in outcome)
        throw new TowerkitError('BAD_ARTIFACT', `a trial question failed: ${outcome.failure.message}`);
      const { items, scores, recall } = outcome.value;
      if (items.length === 0 || !scores.every(Number.isFinite))
        throw new TowerkitError('BAD_ARTIFACT', 'a trial question gave no finite scores');
      if (recall !== undefined) recalls.push(recall);
    }
    return { recall: recalls.length === 0 ? 1 : recalls.reduce((a, b) => a + b) / recalls.length };
  }

  async dispose(): Promise<void> {
    await this.ranker.dispose();
    await this.reranker?.dispose();
    await this.filter.close();
  }

  /** Number of candidates that a question needs. */
  #wanted({ k, diversity = 0, rerankUser }: Question): number {
    return diversity > 0 || (rerankUser !== undefined && this.reranker) ? Math.max(k, this.candidates) : k;
  }

  /** Answers to questions that something is known of. */
  async #answer(warm: readonly Encoded[], out: Outcome<Found>[]): Promise<void> {
    if (warm.length === 0) return;
    try {
      const { histories, contentVectors } = historiesOf(warm, this.filter.size);
      const found = await this.ranker.candidates(
        warm.map(({ question, allow }, row) => ({
          history: histories[row],
          user: question.user,
          k: this.#wanted(question),
          deny: question.deny ?? [],
          keep: question.keep,
          allow,
          measure: question.measure,
        })),
        contentVectors,
      );
      for (const [row, { place, question }] of warm.entries())
        out[place] = await this.#finish(question, found[row], histories[row], contentVectors).then(
          (value) => ({ value }),
          (error: unknown) => ({ failure: failureOf(error) }),
        );
    } catch (error) {
      for (const { place } of warm) out[place] = { failure: failureOf(error) };
    }
  }

  #encoder(): ContentEncoder {
    if (this.ranker.content) return this.ranker.content;
    throw new TowerkitError(
      'NO_CONTENT',
      `a model of the kind ${this.ranker.kind} reads no texts or features`,
      { hint: 'give a user or a history, or use a model that reads titles' },
    );
  }

  async #popular({ k, deny = [], where }: Question): Promise<Found> {
    return { ...(await this.filter.popular(k, deny, where)), source: 'popularity' };
  }

  /** @param read the history with the content as an item of it */
  async #finish(
    question: Question,
    { recall, ...candidates }: Candidates,
    read: readonly number[],
    contentVectors: Matrix | undefined,
  ): Promise<Found> {
    const { k, diversity = 0, explain, history, user, rerankUser } = question;
    const { ranker, reranker } = this;
    let best: RankedItems = candidates;
    let source = ranker.kind;
    if (reranker && rerankUser !== undefined) {
      best = await reranker.rerank(best, history, rerankUser);
      source = `${source}+${reranker.kind}`;
    }
    if (diversity > 0) best = diversify(best, (item) => ranker.vectorOf(item), k, diversity);
    const items = best.items.slice(0, k);
    const scores = best.scores.slice(0, k);
    const why =
      explain && ranker.explains && history.length > 0 ? await this.#explain(history, user, items) : {};
    const ratings = await ranker.ratings?.(read, user, items, contentVectors);
    return {
      ...{ items, scores, source },
      ...why,
      ...(ratings && { ratings: Array.from(ratings) }),
      ...(recall !== undefined && { recall }),
    };
  }

  async #explain(history: readonly number[], user: number, items: readonly number[]): Promise<Explanation> {
    const { reasons, ...rest } = await this.ranker.explain(history, user, items);
    return { reasons: reasons.map((each) => each.slice(0, REASONS)), ...rest };
  }
}
