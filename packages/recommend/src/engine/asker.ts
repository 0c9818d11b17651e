import { TowerkitError } from '../errors.js';
import type { Encoded } from './contents.js';
import type { Asker, Question, UserReader } from './question.js';

/**
 * Reads what a question says of who asks; `undefined` where it says nothing.
 *
 * @throws TowerkitError `NO_CONTENT` for a model that reads no features of users; what the reader throws
 */
export async function askerOf(
  { userFeatures }: Question,
  reader: UserReader | undefined,
): Promise<Asker | undefined> {
  if (userFeatures === undefined) return undefined;
  if (reader) return reader.read(userFeatures);
  throw new TowerkitError('NO_CONTENT', 'this model reads no features of users', {
    hint: 'give a user or a history, or use a two-tower trained with data.users',
  });
}

/** Questions that the model knows something for, by history, content or the user's features, and the others. */
export function byKnowledge(
  questions: readonly Encoded[],
  reader: UserReader | undefined,
): [known: Encoded[], unknown: Encoded[]] {
  const known: Encoded[] = [];
  const unknown: Encoded[] = [];
  for (const each of questions) {
    const { question, vector, asker } = each;
    const ofUser = asker ? asker.isKnown : question.user >= 0 && reader !== undefined;
    (question.history.length > 0 || vector !== undefined || ofUser ? known : unknown).push(each);
  }
  return [known, unknown];
}
