import { TowerkitError } from '../errors.js';
import type { Ranker } from '../ranker.js';
import type { Encoded } from './contents.js';
import { momentOf } from './moment.js';
import type { Asker, Question, UserReader } from './question.js';

type Readers = Pick<Ranker, 'users' | 'moments'> & {
  /** Whether another model, which ranks again, reads moments. */
  readonly reranked: boolean;
};

/**
 * Reads what a question says of who asks, and of its moment; `undefined` where it says nothing and the model reads no moment.
 *
 * @param now seconds since 1970
 * @throws TowerkitError `NO_CONTENT` for a model that reads no features of users; `NO_CONTEXT` for one that reads no moments;
 *   what the readers throw
 */
export async function askerOf(
  question: Question,
  readers: Readers,
  now: () => number,
): Promise<Asker | undefined> {
  const user = await userOf(question, readers.users);
  if (!readers.moments && readers.reranked) return user;
  const moment = await momentOf(question, readers.moments, now);
  if (!moment) return user;
  const isKnown = user ? user.isKnown : ownRowOf(question, readers.users);
  return { row: { ...user?.row, ...moment.row }, isKnown: isKnown || moment.isKnown };
}

async function userOf(
  { userFeatures }: Question,
  reader: UserReader | undefined,
): Promise<Asker | undefined> {
  if (userFeatures === undefined) return undefined;
  if (reader) return reader.read(userFeatures);
  throw new TowerkitError('NO_CONTENT', 'this model reads no features of users', {
    hint: 'give a user or a history, or use a two-tower trained with data.users',
  });
}

const ownRowOf = ({ user }: Question, reader: UserReader | undefined): boolean =>
  user >= 0 && reader !== undefined;

/**
 * Questions that the model knows something for, by history, content, features or the moment, and the others. One that reads no
 * histories knows its own users by their ids.
 */
export function byKnowledge(
  questions: readonly Encoded[],
  { users: reader, readsHistory = true }: Pick<Ranker, 'users' | 'readsHistory'>,
): [known: Encoded[], unknown: Encoded[]] {
  const known: Encoded[] = [];
  const unknown: Encoded[] = [];
  for (const each of questions) {
    const { question, vector, asker } = each;
    const isKnown = asker ? asker.isKnown : ownRowOf(question, reader);
    const isRead = readsHistory ? question.history.length > 0 || vector !== undefined : question.user >= 0;
    (isRead || isKnown ? known : unknown).push(each);
  }
  return [known, unknown];
}
