import { readArtifactTable, readUnlisted, whileUnchanged } from '@towerkit/artifact';
import type { Matrix } from '@towerkit/core';
import type { Predicate } from '@towerkit/retrieval';

import { itemPlane, type ItemPlane } from '../overview/item-plane.js';
import { openRanker, standardKinds } from '../kinds.js';
import { leftOut, type CandidateQuery, type Candidates, type Ranker } from '../ranker.js';
import { askerOf, byKnowledge } from './asker.js';
import { isZero } from './best-of.js';
import { encodeContents, historiesOf, type Asked, type Encoded } from './contents.js';
import { diversify } from './diversify.js';
import { ItemFilter } from './item-filter.js';
import { DEFAULT_CANDIDATES, type AnswerEngineOptions } from './engine-options.js';
import { clock, sharedMoment } from './moment.js';
import { failureOf, outcomeOf } from './outcome.js';
import type { Asker, Explanation, Found, Outcome, Question, RankedItems, UserRow } from './question.js';
import { keptOf } from './repeats.js';
import { Reranker } from './reranker.js';
import { encoderOf, findTitles, searchItems, type SearchQuestion } from './search-items.js';
import { TitleSearch } from './title-search.js';
import { trial } from './trial.js';

/** Reasons given for an item, at most. */
const REASONS = 3;

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
    readonly titles: TitleSearch,
    /** The present time in seconds since 1970. */
    readonly now: () => number,
  ) {}

  /** @throws TowerkitError `BAD_ARTIFACT`; those of an index; `ARTIFACT_CHANGED` when it is replaced meanwhile */
  static async open(options: AnswerEngineOptions): Promise<AnswerEngine> {
    const {
      artifact,
      kinds = standardKinds,
      candidates = DEFAULT_CANDIDATES,
      rerank,
      now = clock,
      ...open
    } = options;
    const opened: { dispose?(): Promise<void>; close?(): Promise<void> }[] = [];
    try {
      return await whileUnchanged(rerank ? [artifact, rerank.artifact] : [artifact], async () => {
        const catalog = artifact.catalog ?? (await readArtifactTable(artifact, 'items.parquet')).columns;
        const filter = await ItemFilter.of(catalog, await readUnlisted(artifact));
        opened.push(filter);
        const ranker = await openRanker(artifact, kinds, open);
        opened.push(ranker);
        const reranker = rerank && new Reranker(await openRanker(rerank.artifact, kinds, open), rerank.ids);
        if (reranker) opened.push(reranker);
        const titles = new TitleSearch(catalog);
        return new AnswerEngine(ranker, filter, reranker, candidates, titles, now);
      });
    } catch (error) {
      for (const one of opened) await (one.dispose?.() ?? one.close?.());
      throw error;
    }
  }

  /** Answers questions; an error of one does not affect the others. */
  async recommend(questions: readonly Question[]): Promise<Outcome<Found>[]> {
    const out = new Array<Outcome<Found>>(questions.length);
    const asked: Asked[] = [];
    for (const [place, question] of questions.entries())
      try {
        const allow = await this.filter.allowed(question);
        asked.push({ place, question, allow, asker: await this.#asker(question) });
      } catch (error) {
        out[place] = { failure: failureOf(error) };
      }
    const { encoded, failures } = await encodeContents(asked, () => encoderOf(this.ranker));
    for (const [place, failure] of failures) out[place] = { failure };
    const [warm, cold] = byKnowledge(encoded, this.ranker);
    for (const { place, question, allow } of cold) {
      const { k, history, deny = [] } = question;
      out[place] = await outcomeOf(
        this.#popular(k, leftOut({ history, deny, keep: keptOf(question) }), allow),
      );
    }
    await this.#answer(warm, out);
    const { places } = this.filter;
    return out.map((outcome, place) =>
      places && 'value' in outcome ? { value: places.shown(outcome.value, questions[place].near) } : outcome,
    );
  }

  /** The items most similar to one. */
  async similar({ item, k, where }: { item: number; k: number; where?: Predicate }): Promise<Found> {
    const found = await this.filter.among(where, (allow) => this.ranker.similar(item, k, allow));
    return { ...found, source: this.ranker.kind };
  }

  /** The items most similar to a text or other content. */
  search(asked: SearchQuestion): Promise<Found> {
    return searchItems(this, asked);
  }

  /** Items by the words of their titles, the popular ones first. */
  find(asked: { query?: string; k: number; where?: Predicate }): Promise<Found> {
    return findTitles(this, asked);
  }

  /** Where items stand on a plane by their vectors; see {@link itemPlane}. */
  async plane({ items }: { items: readonly number[] }): Promise<ItemPlane | undefined> {
    return itemPlane(this.ranker, items);
  }

  /** Dense ids of the items that meet a predicate. */
  async passing({ where }: { where: Predicate }): Promise<Float64Array> {
    return (await this.filter.passing(where)).slice();
  }

  /** Tries the model before it serves. @throws TowerkitError `BAD_ARTIFACT` */
  check({ histories, k }: { histories: readonly (readonly number[])[]; k: number }) {
    return trial((questions) => this.recommend(questions), histories, k, this.ranker.moments?.unknown);
  }

  /** Gives back threads and native memory of the model and of what reranks. */
  async dispose(): Promise<void> {
    await this.ranker.dispose();
    await this.reranker?.dispose();
    await this.filter.close();
  }

  #asker(question: Question): Promise<Asker | undefined> {
    const { users, moments } = this.ranker;
    const reranked = this.reranker?.ranker.moments !== undefined;
    return askerOf(question, { users, moments, reranked }, this.now);
  }

  /** Number of candidates that a question needs. */
  #wanted({ k, diversity = 0, rerankUser, near }: Question): number {
    const again = diversity > 0 || (rerankUser !== undefined && this.reranker) || near?.decay;
    return again ? Math.max(k, this.candidates) : k;
  }

  /** Answers to questions that something is known of. */
  async #answer(warm: readonly Encoded[], out: Outcome<Found>[]): Promise<void> {
    if (warm.length === 0) return;
    try {
      const { histories, contentVectors } = historiesOf(warm, this.filter.size);
      const queries = warm.map(({ question, allow, asker }, row): CandidateQuery => ({
        history: histories[row],
        user: question.user,
        userRow: asker?.row,
        k: this.#wanted(question),
        deny: question.deny ?? [],
        keep: keptOf(question),
        allow,
        measure: question.measure,
      }));
      const found = await this.ranker.candidates(queries, contentVectors);
      // Items that are not listed seldom come up: only answers that hold one are asked for again, without any.
      const again = found.flatMap(({ items }, row) => (this.filter.holdsUnlisted(items) ? [row] : []));
      if (again.length > 0) {
        const without = again.map((row) => ({ ...queries[row], allow: this.filter.listed }));
        const better = await this.ranker.candidates(without, contentVectors);
        again.forEach((row, place) => (found[row] = better[place]));
      }
      for (const [row, { place, question, allow, asker }] of warm.entries()) {
        // Of a history that the model knows nothing of, no item scores above another.
        const answer = isZero(found[row].scores)
          ? this.#popular(question.k, leftOut(queries[row]), allow)
          : this.#finish(question, found[row], histories[row], contentVectors, asker?.row);
        out[place] = await outcomeOf(answer);
      }
    } catch (error) {
      for (const { place } of warm) out[place] = { failure: failureOf(error) };
    }
  }

  /** @param deny items left out; ids of contents among them are none of the catalog */
  async #popular(k: number, deny: Iterable<number>, allow: Float64Array | undefined): Promise<Found> {
    const items = [...deny].filter((item) => item < this.filter.size);
    return { ...(await this.filter.popular(k, items, allow)), source: 'popularity' };
  }

  /** @param read the history with the content as an item of it */
  async #finish(
    question: Question,
    { recall, ...candidates }: Candidates,
    read: readonly number[],
    contentVectors: Matrix | undefined,
    userRow: UserRow | undefined,
  ): Promise<Found> {
    const { k, diversity = 0, explain, history, user, rerankUser, near } = question;
    const { ranker, reranker } = this;
    let best: RankedItems = candidates;
    let source = ranker.kind;
    if (reranker && rerankUser !== undefined) {
      const { moments } = reranker.ranker;
      const moment = moments && (await sharedMoment(question, moments, this.now));
      best = await reranker.rerank(best, history, rerankUser, moment);
      source = `${source}+${reranker.kind}`;
    }
    if (near && this.filter.places) best = this.filter.places.rank(best, near);
    if (diversity > 0) best = diversify(best, (item) => ranker.vectorOf(item), k, diversity);
    const [items, scores] = [best.items.slice(0, k), best.scores.slice(0, k)];
    const why =
      explain && ranker.explains && history.length > 0
        ? await this.#explain(history, user, items, userRow)
        : {};
    const ratings = await ranker.ratings?.(read, user, items, contentVectors, userRow);
    return {
      ...{ items, scores, source, ...why },
      ...(ratings && { ratings: Array.from(ratings) }),
      ...(recall !== undefined && { recall }),
    };
  }

  async #explain(...asked: Parameters<Ranker['explain']>): Promise<Explanation> {
    const { reasons, ...rest } = await this.ranker.explain(...asked);
    return { reasons: reasons.map((each) => each.slice(0, REASONS)), ...rest };
  }
}
