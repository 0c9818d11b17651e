import {
  fullDisliked,
  fullHistories,
  fullLeftOut,
  type Artifact,
  type ArtifactFeedback,
  type PartFeedback,
} from '@towerkit/artifact';
import { CsrMatrix, type Repeats } from '@towerkit/core';

import type { Question, UserFeatures } from './engine/question.js';
import { TowerkitError } from './errors.js';

interface Ways {
  /** An id of the data set. */
  readonly user: string;
  /** Item ids, oldest first. */
  readonly history: readonly string[];
  /** What they like, in words. */
  readonly text: string;
  /** What is known of them: columns of the table of users that the model was trained with. */
  readonly features: UserFeatures;
}
type Only<Way extends keyof Ways, More extends keyof Ways = never> = Readonly<
  Pick<Ways, Way> & Partial<Pick<Ways, More>> & Partial<Record<Exclude<keyof Ways, Way | More>, undefined>>
>;

/** Somebody to recommend to: a user, a history or a text; `features` alone, or beside the first two. */
export type Who = Only<'user', 'features'> | Only<'history', 'features'> | Only<'text'> | Only<'features'>;

/**
 * What somebody asks, by dense ids.
 *
 * @throws TowerkitError `UNKNOWN_USER`, `UNKNOWN_ITEM`, `EMPTY_TEXT`
 */
export function questionOf(
  artifact: Artifact,
  who: readonly string[] | Who,
  repeats: Repeats,
): Pick<Question, 'history' | 'user' | 'content' | 'userFeatures' | 'deny' | 'keep'> {
  const { history, user, text, features: userFeatures }: Who = isIds(who) ? { history: who } : who;
  if (text !== undefined) {
    if (text.trim() === '')
      throw new TowerkitError('EMPTY_TEXT', 'the text is blank', { hint: 'write a few words' });
    return { history: [], user: -1, content: { text } };
  }
  if (user === undefined) return { history: denseHistory(artifact, history ?? []), user: -1, userFeatures };
  const id = artifact.users.indexOf(user);
  if (id === undefined)
    throw new TowerkitError('UNKNOWN_USER', `the artifact does not know the user "${user}"`, {
      hint: 'give a history of item ids instead',
      details: { user },
    });
  return { ...knownOf(artifact, id, repeats), userFeatures };
}

/** The parts of an artifact that say what users had, and what they dislike. */
export type UserParts = Pick<Artifact, 'histories' | 'validation' | 'test' | 'feedback'>;

/**
 * What is left out of answers, beside what the question says, users x items: what was taken or is disliked; where repeats count,
 * what is disliked. `undefined` where the history decides alone.
 */
export function deniedOf(parts: UserParts, repeats: Repeats): CsrMatrix | undefined {
  if (!parts.feedback) return undefined;
  return repeats === 'exclude' ? fullLeftOut(parts) : fullDisliked(parts);
}

/** What an artifact knows of one of its users: what they had, what is not recommended to them, and what is all the same. */
function knownOf(
  artifact: Artifact,
  user: number,
  repeats: Repeats,
): Pick<Question, 'history' | 'user' | 'deny' | 'keep'> {
  const alone = partsOf(artifact, user);
  const history = Array.from(fullHistories(alone).row(0));
  const denied = deniedOf(alone, repeats);
  if (!denied) return { history, user };
  const deny = new Set(denied.row(0));
  return { history, user, deny: [...deny], keep: history.filter((item) => !deny.has(item)) };
}

/** The same parts of one user alone, in a row: a question costs no more for all the users it is not about. */
function partsOf({ histories, validation, test, feedback }: UserParts, user: number): UserParts {
  const row = (matrix: CsrMatrix) => CsrMatrix.fromRows([matrix.row(user)], matrix.cols);
  const told = ({ taken, disliked }: ArtifactFeedback['train']) => ({
    taken: row(taken),
    disliked: row(disliked),
  });
  const later = (part: PartFeedback) => ({ ...told(part), history: row(part.history) });
  return {
    histories: row(histories),
    validation: validation && row(validation),
    test: test && row(test),
    feedback: feedback && {
      train: told(feedback.train),
      validation: feedback.validation && later(feedback.validation),
      test: feedback.test && later(feedback.test),
    },
  };
}

const isIds = (who: readonly string[] | Who): who is readonly string[] => Array.isArray(who);

/** Items that a message names, at most. */
const NAMED = 10;

/** Dense ids of items by their names. @throws TowerkitError `UNKNOWN_ITEM` naming those that are not known */
export function denseHistory({ items }: Pick<Artifact, 'items'>, history: readonly string[]): number[] {
  const unknown = history.filter((name) => items.indexOf(name) === undefined);
  if (unknown.length > 0)
    throw new TowerkitError(
      'UNKNOWN_ITEM',
      `the artifact does not know the item${unknown.length > 1 ? 's' : ''} ${unknown.slice(0, NAMED).join(', ')}` +
        (unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : ''),
      {
        hint: 'leave them out; items.json in the artifact lists those it knows',
        details: { items: unknown },
      },
    );
  return history.map((name) => items.indexOf(name)!);
}
