import type { Artifact } from '@towerkit/artifact';
import { requireCount, requireRepeats, type Repeats } from '@towerkit/core';
import type { Predicate } from '@towerkit/retrieval';

import { TowerkitError } from './errors.js';
import type { AnswerEngine } from './engine/answer-engine.js';
import { valueOf } from './engine/outcome.js';
import type { Found, GateWeights, Near, Question, QuestionContext } from './engine/question.js';
import { repeatsOf } from './engine/repeats.js';
import { questionOf, type Who } from './who.js';

/** Options of an answer. */
export interface AnswerOptions {
  /** Only items that meet this predicate. */
  readonly where?: Predicate;
  /** Where the question is asked from: only items within a radius, nearer ones first, kilometres beside each. */
  readonly near?: Near;
  /** Preference for items unlike each other, from 0 (default) to 1. */
  readonly diversity?: number;
  /**
   * What is known of the moment of the question, for a model that reads moments: columns of the interactions, null for what is
   * not known, and parts of the time. A part that is not said is the present one.
   */
  readonly context?: QuestionContext;
  /** When the question is asked: parts of the time follow from it. Default: now. */
  readonly at?: Date;
  /**
   * What becomes of the items of the history: `exclude` leaves them out, `allow` ranks them among all others, `only` ranks
   * nothing else. Default: what the artifact was measured for (the key `repeats` of its config), `exclude` if nothing.
   */
  readonly repeats?: Repeats;
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
  /** What the score is made of, for a search by a model of words and vectors; see `TextParts`. */
  readonly lexical?: number;
  readonly tower?: number;
  /** Predicted rating, for a model of ratings. */
  readonly rating?: number;
  /** Kilometres over the ground, with `near`, where the item's place is known. */
  readonly distanceKm?: number;
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
  const { items, scores, parts, ratings, distances, reasons, gates, reviews } = found;
  return items.map((item, place) => ({
    ...nameOf(names, item),
    score: scores[place],
    ...parts?.[place],
    ...(ratings && { rating: ratings[place] }),
    ...(distances && !Number.isNaN(distances[place]) && { distanceKm: distances[place] }),
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
  { where, near, diversity, explain, repeats = repeatsOf(artifact.manifest), ...moment }: AnswerOptions,
): Promise<Answer> {
  requireCount('k', k);
  if (diversity !== undefined && !(diversity >= 0 && diversity <= 1))
    throw new TowerkitError('BAD_OPTION', `diversity must be in [0, 1], got ${diversity}`, {
      hint: '0 keeps the ranking as it is',
      details: { option: 'diversity', value: diversity },
    });
  requireRepeats(repeats);
  const question = {
    ...questionOf(artifact, who, repeats),
    ...askedAt(moment),
    ...{ k, where, near, diversity, explain, repeats },
  };
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

/** The moment of a question, as the engine takes it. */
export const askedAt = ({ context, at }: MomentOptions): Pick<Question, 'context' | 'at'> => ({
  context,
  ...(at && { at: at.getTime() / 1000 }),
});
