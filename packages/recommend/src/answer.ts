import { fullHistories, fullLeftOut, type Artifact } from '@towerkit/artifact';
import { topK, type Recommendations } from '@towerkit/core';
import type { Predicate } from '@towerkit/retrieval';

import { TowerkitError } from './errors.js';
import type { AnswerEngine } from './engine/answer-engine.js';
import { isZero } from './engine/best-of.js';
import { valueOf } from './engine/outcome.js';
import { momentOf } from './engine/moment.js';
import type { Found, GateWeights, Question, QuestionContext, UserRow } from './engine/question.js';
import type { SavedModel } from './ranker.js';
import { questionOf, type Who } from './who.js';

/** Options of an answer. */
export interface AnswerOptions {
  /** Only items that meet this predicate. */
  readonly where?: Predicate;
  /** Preference for items unlike each other, from 0 (default) to 1. */
  readonly diversity?: number;
  /**
   * What is known of the moment of the question, for a model that reads moments: columns of the interactions, null for what is
   * not known, and parts of the time. A part that is not said is the present one.
   */
  readonly context?: QuestionContext;
  /** When the question is asked: parts of the time follow from it. Default: now. */
  readonly at?: Date;
  /** Whether to give reasons: items of the history that each score comes from. Default false. */
  readonly explain?: boolean;
}

/** The moment that a question is asked at. */
export type MomentOptions = Pick<AnswerOptions, 'context' | 'at'>;

/** An item of the history that an item is recommended for, and what it adds to the score. */
export interface AnswerReason {
  readonly id: string;
  readonly title?: string;
  readonly weight: number;
}

/** A recommended item. */
export interface AnswerItem {
  readonly id: string;
  readonly title?: string;
  /** Comparable within one answer only. */
  readonly score: number;
  /** Predicted rating, for a model of ratings. */
  readonly rating?: number;
  /** By descending weight; with `explain`. */
  readonly reasons?: readonly AnswerReason[];
  /** Gate weights of the item tower by input; with `explain`, if the tower has gates. */
  readonly gates?: Readonly<Record<string, number>>;
  /** Reviews of the user that are nearest to the item, for a model of reviews. */
  readonly reviews?: readonly { readonly id: string; readonly text?: string; readonly similarity: number }[];
}

/** Items recommended to one user, best first. */
export interface Answer {
  readonly items: readonly AnswerItem[];
  /** Kind of the model, or `popularity` where it knows nothing of the user: no history, no word of the text. */
  readonly source: string;
  /** Gate weights of the user tower by input; with `explain`, if the tower has gates. */
  readonly gates?: GateWeights['user'];
}

type Names = Pick<Artifact, 'items' | 'titles'>;

/** An item by its id and, where there is one, its title. */
export function nameOf({ items, titles }: Names, item: number): { id: string; title?: string } {
  const title = titles?.[item];
  return { id: items.nameOf(item), ...(title != null && { title }) };
}

/** A found list by ids and titles. */
export function namedItems(names: Names, found: Found): AnswerItem[] {
  const { items, scores, ratings, reasons, gates, reviews } = found;
  return items.map((item, place) => ({
    ...nameOf(names, item),
    score: scores[place],
    ...(ratings && { rating: ratings[place] }),
    ...(reasons && {
      reasons: reasons[place].map(({ item, weight }) => ({ ...nameOf(names, item), weight })),
    }),
    ...(gates?.items && { gates: gates.items[place] }),
    ...(reviews && {
      reviews: reviews[place].map(({ item, text, similarity }) => ({
        id: names.items.nameOf(item),
        ...(text !== undefined && { text }),
        similarity,
      })),
    }),
  }));
}

/** Answers for one user by names; see `OpenArtifact.recommend`. */
export async function recommendTo(
  artifact: Artifact,
  engine: AnswerEngine,
  who: readonly string[] | Who,
  k: number,
  { where, diversity, explain, ...moment }: AnswerOptions,
): Promise<Answer> {
  if (!Number.isSafeInteger(k) || k < 1)
    throw new TowerkitError('BAD_OPTION', `k must be a whole number from 1 up, got ${k}`, {
      hint: 'k is the length of the list',
      details: { option: 'k', value: k },
    });
  if (diversity !== undefined && !(diversity >= 0 && diversity <= 1))
    throw new TowerkitError('BAD_OPTION', `diversity must be in [0, 1], got ${diversity}`, {
      hint: '0 keeps the ranking as it is',
      details: { option: 'diversity', value: diversity },
    });
  const question = { ...questionOf(artifact, who), ...askedAt(moment), k, where, diversity, explain };
  if (explain && !engine.ranker.explains)
    throw new TowerkitError(
      'BAD_OPTION',
      `a model of the kind ${engine.ranker.kind} cannot say why it recommends an item`,
      { hint: 'leave out explain', details: { option: 'explain' } },
    );
  const [outcome] = await engine.recommend([question]);
  const found = valueOf(outcome);
  return {
    items: namedItems(artifact, found),
    source: found.source,
    ...(found.gates?.user && { gates: found.gates.user }),
  };
}

const askedAt = ({ context, at }: MomentOptions): Pick<Question, 'context' | 'at'> => ({
  context,
  ...(at && { at: at.getTime() / 1000 }),
});

const BATCH = 256;
/** About 16 MiB. */
const SCORES_AT_ONCE = 1 << 22;

/** Columns of a part of the answers for all users: one row per user and rank. */
export type UserRows = {
  readonly user: string[];
  /** From 1. */
  readonly rank: number[];
  readonly item: string[];
  readonly score: number[];
};

/**
 * Recommends to every user the artifact knows, a few hundred at a time, by exact scores of all items.
 *
 * @param onDone is told how many users are done
 * @param at the moment that everybody asks at
 * @throws TowerkitError as of one question: `NO_CONTEXT`, `MISSING_CONTEXT`, `UNKNOWN_CONTEXT`, `BAD_CONTEXT`
 */
export async function* recommendAll(
  artifact: Artifact,
  { ranker, unlisted, now }: Pick<AnswerEngine, 'ranker' | 'unlisted' | 'now'>,
  k: number,
  onDone: (users: number) => void = () => undefined,
  at: MomentOptions = {},
): AsyncGenerator<UserRows> {
  const { users, items, counts } = artifact;
  const { model } = ranker;
  const moment = await momentOf(askedAt(at), ranker.moments, now);
  const histories = fullHistories(artifact);
  const leftOut = artifact.feedback && fullLeftOut(artifact);
  const popularity = Float32Array.from(counts);
  const everyone = Int32Array.from({ length: users.size }, (_, user) => user);
  for (let start = 0; start < users.size; start += BATCH) {
    const batch = everyone.subarray(start, start + BATCH);
    const own = Array.from(batch, (user) => histories.row(user));
    const said = moment && new Array<UserRow>(own.length).fill(moment.row);
    const ask = (length: number) =>
      moment || leftOut
        ? recommendSaid(model, own, length, batch, {
            said,
            ...(leftOut && { leftOut: Array.from(batch, (user) => leftOut.row(user)) }),
          })
        : model.recommend(own, length, batch);
    let lists = await ask(k);
    // Items that are not listed seldom come up: only then are they asked for, too, to be left out.
    if (unlisted.size > 0 && lists.some(({ items }) => items.some((item) => unlisted.has(item))))
      lists = (await ask(k + unlisted.size)).map((list) => listedOf(list, unlisted, k));
    const rows: UserRows = { user: [], rank: [], item: [], score: [] };
    batch.forEach((user, place) => {
      const history = histories.row(user);
      const known = (history.length > 0 || moment?.isKnown === true) && !isZero(lists[place].scores);
      const best = known
        ? lists[place]
        : topK(popularity, k, [...(leftOut ?? histories).row(user), ...unlisted]);
      best.items.forEach((item, rank) => {
        rows.user.push(users.nameOf(user));
        rows.rank.push(rank + 1);
        rows.item.push(items.nameOf(item));
        rows.score.push(best.scores[rank]);
      });
    });
    yield rows;
    onDone(start + batch.length);
  }
}

/**
 * The best items of users by a model that is told more than `recommend` of models takes, in parts that need about 16 MiB.
 *
 * @param histories item ids of each user from oldest to newest, [users]
 * @param users dense ids, -1 for somebody unknown, [users]
 * @param more.said of each user, or of the moment of each question, see `SavedModel.score`
 * @param more.leftOut items left out for each user, [users]. Default: the histories
 */
export async function recommendSaid(
  model: SavedModel,
  histories: readonly ArrayLike<number>[],
  k: number,
  users: ArrayLike<number>,
  {
    said,
    leftOut = histories,
  }: { said?: readonly (UserRow | undefined)[]; leftOut?: readonly ArrayLike<number>[] } = {},
): Promise<Recommendations[]> {
  const { items } = model;
  const size = Math.max(1, Math.floor(SCORES_AT_ONCE / items));
  const lists: Recommendations[] = [];
  for (let start = 0; start < histories.length; start += size) {
    const part = histories.slice(start, start + size);
    const scores = new Float32Array(part.length * items);
    const who = Array.from(part, (_, place) => users[start + place]);
    await model.score(part, scores, who, said?.slice(start, start + size));
    part.forEach((_, row) =>
      lists.push(topK(scores.subarray(row * items, (row + 1) * items), k, leftOut[start + row])),
    );
  }
  return lists;
}

/** The first k of a list that may be recommended. */
function listedOf(
  { items, scores }: Recommendations,
  unlisted: ReadonlySet<number>,
  k: number,
): Recommendations {
  const places = Array.from(items.keys()).filter((place) => !unlisted.has(items[place]));
  const kept = places.slice(0, k);
  return {
    items: Int32Array.from(kept, (place) => items[place]),
    scores: Float32Array.from(kept, (place) => scores[place]),
  };
}
