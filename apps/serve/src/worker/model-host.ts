import { topK, TowerkitError } from '@towerkit/core';
import type { Predicate } from '@towerkit/retrieval';
import { readManifest } from '@towerkit/training';

import { versionOf } from '../models/version.js';
import { ContentEncoder, type Contents } from './content-encoder.js';
import { diversify } from './diversify.js';
import { failureOf } from './failure.js';
import { ItemFilter } from './item-filter.js';
import { openScorer, type Scorer } from './open-scorer.js';
import type { Content, Explanation, Found, HostOptions, Outcome, Question } from './protocol.js';
import { Reranker } from './reranker.js';
import { ReviewEncoder } from './review-encoder.js';

/** Reasons given for an item, at most. */
const REASONS = 3;

/** Items with scores, best first. */
export interface Ranked {
  readonly items: number[];
  readonly scores: number[];
}

/**
 * One artifact, answering: user tower or baseline, index, filters, another model that ranks again, diversity, reasons.
 * It computes on the thread it is called on.
 */
export class ModelHost {
  private constructor(
    readonly options: HostOptions,
    readonly scorer: Scorer,
    readonly filter: ItemFilter,
    readonly content: Contents | undefined,
    readonly reranker: Reranker | undefined,
    readonly version: string,
  ) {}

  /** @throws TowerkitError `ARTIFACT_NOT_FOUND`, `BAD_ARTIFACT`, those of an index; `ARTIFACT_CHANGED` */
  static async open(options: HostOptions): Promise<ModelHost> {
    const { folder, models, rerank } = options;
    const version = await versionOf(folder);
    const manifest = await readManifest(folder);
    const filter = await ItemFilter.open(folder);
    const scorer = await openScorer(folder, manifest);
    const content =
      manifest.kind === 'hybrid'
        ? new ReviewEncoder(folder, manifest, models)
        : ContentEncoder.of(folder, manifest, models);
    const reranker = rerank && (await Reranker.open(rerank));
    if ((await versionOf(folder)) !== version)
      throw new TowerkitError('ARTIFACT_CHANGED', `${folder} was replaced while it was read`, {
        hint: 'it is read again',
      });
    return new ModelHost(options, scorer, filter, content, reranker, version);
  }

  get facts() {
    return {
      version: this.version,
      readsText: this.content?.readsText === true,
      readsFeatures: this.content?.readsFeatures === true,
      index: this.scorer.index,
      explains: this.scorer.explains,
    };
  }

  /** Answers to questions, each by itself: one that cannot be answered leaves the others alone. */
  async recommend(questions: readonly Question[]): Promise<Outcome<Found>[]> {
    const out = new Array<Outcome<Found>>(questions.length);
    const warm: { place: number; question: Question; allow?: Float64Array }[] = [];
    for (const [place, question] of questions.entries())
      try {
        const allow = question.where && (await this.filter.passing(question.where));
        if (question.history.length > 0 || question.content) warm.push({ place, question, allow });
        else out[place] = { value: await this.#popular(question) };
      } catch (error) {
        out[place] = { failure: failureOf(error) };
      }
    if (warm.length === 0) return out;
    try {
      const { histories, strangers } = await this.#histories(warm.map(({ question }) => question));
      const found = await this.scorer.candidates(
        warm.map(({ question, allow }, row) => ({
          history: histories[row],
          user: question.user,
          n: this.#wanted(question),
          deny: question.deny ?? [],
          keep: question.keep,
          allow,
          measure: question.measure,
        })),
        strangers,
      );
      for (const [row, { place, question }] of warm.entries())
        out[place] = await this.#finish(question, found[row], found[row].recall).then(
          (value) => ({ value }),
          (error: unknown) => ({ failure: failureOf(error) }),
        );
    } catch (error) {
      for (const { place } of warm) out[place] = { failure: failureOf(error) };
    }
    return out;
  }

  /** The items most like one. */
  async similar({ item, k, where }: { item: number; k: number; where?: Predicate }): Promise<Found> {
    const allow = where && (await this.filter.passing(where));
    return { ...(await this.scorer.similar(item, k, allow)), source: this.scorer.kind };
  }

  /** The items most like a text or other content. @throws TowerkitError `NO_CONTENT` */
  async search({ content, k, where }: { content: Content; k: number; where?: Predicate }): Promise<Found> {
    const allow = where && (await this.filter.passing(where));
    const vectors = await this.#encoder().encode([content]);
    return { ...(await this.scorer.nearest(vectors.row(0), k, allow)), source: this.scorer.kind };
  }

  /** Dense ids of the items that meet a predicate. */
  async passing({ where }: { where: Predicate }): Promise<Float64Array> {
    return (await this.filter.passing(where)).slice();
  }

  /**
   * A trial before it serves: every history gets k finite scores.
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

  /** How many candidates a question needs. */
  #wanted({ k, diversity = 0, rerankUser }: Question): number {
    return diversity > 0 || (rerankUser !== undefined && this.reranker)
      ? Math.max(k, this.options.candidates)
      : k;
  }

  /** Histories with content appended as an item beyond the catalog, and the vectors of those. */
  async #histories(questions: readonly Question[]) {
    const contents = questions.flatMap(({ content }) => content ?? []);
    const strangers = contents.length > 0 ? await this.#encoder().encode(contents) : undefined;
    let next = this.filter.size;
    const histories = questions.map(({ history, content }) => (content ? [...history, next++] : history));
    return { histories, strangers };
  }

  #encoder(): Contents {
    if (this.content) return this.content;
    throw new TowerkitError(
      'NO_CONTENT',
      `a model of the kind ${this.scorer.kind} reads no texts or features`,
      {
        hint: 'give a user or a history, or serve a model that reads titles',
      },
    );
  }

  async #popular({ k, deny = [], where }: Question): Promise<Found> {
    return { ...(await this.filter.popular(k, deny, where)), source: 'popularity' };
  }

  async #finish(question: Question, candidates: Ranked, recall?: number): Promise<Found> {
    const { k, diversity = 0, explain, history, rerankUser } = question;
    let best = candidates;
    let source = this.scorer.kind;
    if (this.reranker && rerankUser !== undefined) {
      best = await this.reranker.rerank(best, history, rerankUser);
      source = `${source}+${this.reranker.kind}`;
    }
    best = diversity > 0 ? diversify(best, this.scorer.vectors(), k, diversity) : best;
    const items = best.items.slice(0, k);
    const scores = best.scores.slice(0, k);
    const why =
      explain && this.scorer.explains && history.length > 0
        ? await this.#explain(history, question.user, items)
        : undefined;
    return { items, scores, source, ...why, ...(recall !== undefined && { recall }) };
  }

  async #explain(history: readonly number[], user: number, items: readonly number[]): Promise<Explanation> {
    const { reasons, ...rest } = await this.scorer.explain(history, user, items);
    return { reasons: reasons.map((each) => each.slice(0, REASONS)), ...rest };
  }
}

/** The best n of a row of scores, without those denied and, where they are given, within those allowed. */
export function bestOf(
  scores: Float32Array,
  n: number,
  deny: Iterable<number>,
  allow?: Float64Array,
): Ranked {
  let row = scores;
  if (allow) {
    row = new Float32Array(scores.length).fill(-Infinity);
    for (const item of allow) row[item] = scores[item];
  }
  const { items, scores: best } = topK(row, n, [...deny]);
  const finite = allow ? best.findIndex((score) => score === -Infinity) : -1;
  const end = finite < 0 ? items.length : finite;
  return { items: Array.from(items.subarray(0, end)), scores: Array.from(best.subarray(0, end)) };
}
