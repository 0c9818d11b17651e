import { fullDisliked, type Artifact } from '@towerkit/artifact';
import type { Repeats } from '@towerkit/core';

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

/** What an artifact knows of one of its users: what they had, what is not recommended to them, and what is all the same. */
function knownOf(
  artifact: Artifact,
  user: number,
  repeats: Repeats,
): Pick<Question, 'history' | 'user' | 'deny' | 'keep'> {
  const { histories, validation, test, feedback } = artifact;
  const held = [feedback?.validation?.history ?? validation, feedback?.test?.history ?? test];
  const history = [histories, ...held].flatMap((part) => (part ? Array.from(part.row(user)) : []));
  if (!feedback) return { history, user };
  if (repeats !== 'exclude') return { history, user, deny: [...fullDisliked(artifact)!.row(user)] };
  const { train, ...later } = feedback;
  const deny = [train, later.validation, later.test].flatMap((part) =>
    part ? [...part.taken.row(user), ...part.disliked.row(user)] : [],
  );
  const taken = new Set(deny);
  return { history, user, deny, keep: history.filter((item) => !taken.has(item)) };
}

const isIds = (who: readonly string[] | Who): who is readonly string[] => Array.isArray(who);

/** Items that a message names, at most. */
const NAMED = 10;

function denseHistory({ items }: Artifact, history: readonly string[]): number[] {
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
