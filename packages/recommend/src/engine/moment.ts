import { TowerkitError } from '../errors.js';
import type { Asker, MomentReader, Question, UserRow } from './question.js';

/** Now, in seconds since 1970. */
export const clock = (): number => Date.now() / 1000;

/**
 * Reads the moment of a question; `undefined` for a model that reads none.
 *
 * @param now seconds since 1970, where the question does not say when it is asked
 * @throws TowerkitError `NO_CONTEXT` for a context, or a time, where the model reads no moments; what the reader throws
 */
export async function momentOf(
  { context, at }: Pick<Question, 'context' | 'at'>,
  reader: MomentReader | undefined,
  now: () => number = clock,
): Promise<Asker | undefined> {
  if (reader) return reader.read(context ?? {}, at ?? now());
  if (context === undefined && at === undefined) return undefined;
  throw new TowerkitError('NO_CONTEXT', 'this model reads nothing of the moment of a question', {
    hint: 'ask without a context, or use a two-tower trained with data.moment',
  });
}

/** Of a moment that another model was asked at what this one reads; what is not said is unknown. */
export async function sharedMoment(
  { context = {}, at }: Pick<Question, 'context' | 'at'>,
  reader: MomentReader,
  now: () => number,
): Promise<UserRow> {
  const said = Object.entries(context).filter(([name]) => Object.hasOwn(reader.columns, name));
  const needed = Object.entries(reader.unknown).filter(([name]) => reader.columns[name] !== 'time');
  return (await reader.read(Object.fromEntries([...needed, ...said]), at ?? now())).row;
}
