import { TowerkitError } from '../errors.js';
import type { Impression } from '../experiments/impression.js';
import type { NewEvent } from './event-store.js';

/** Characters (code points) of an id at most. */
export const MAX_ID = 512;

/** Milliseconds that the time of an event may lie ahead of this machine's clock. */
export const MAX_AHEAD = 10 * 60_000;

/**
 * What is wrong with an id of a user, an item, an event, a session or an answer, or with the name of a kind: the same for
 * every store, though SQLite would cut a text at a NUL, PostgreSQL refuse it, and both keep something else for half a
 * surrogate pair.
 *
 * @returns `undefined` where nothing is wrong, else what was expected
 *
 * @example
 * ```ts
 * idFault('ada'); // undefined
 * idFault('a\0b'); // 'expected no NUL character'
 * ```
 */
export function idFault(id: unknown): string | undefined {
  if (typeof id !== 'string') return 'expected a text';
  if (id.includes('\0')) return 'expected no NUL character';
  if (/\p{Surrogate}/u.test(id)) return 'expected whole characters, got half of a surrogate pair';
  if (id.trim() === '') return 'expected an id, got nothing but blanks';
  if (id.length > MAX_ID && [...id].length > MAX_ID) return `expected at most ${MAX_ID} characters`;
  return undefined;
}

/**
 * What is wrong with the time of an event: it is a whole number of milliseconds since 1970, not before that and not more
 * than {@link MAX_AHEAD} ahead of `now`. One of the far future would stay the newest of its user for good.
 *
 * @param now milliseconds since 1970; this machine's clock by default
 * @returns `undefined` where nothing is wrong, else what was expected
 */
export function timeFault(at: unknown, now: number = Date.now()): string | undefined {
  if (!Number.isSafeInteger(at)) return 'expected whole milliseconds since 1970';
  if ((at as number) < 0) return 'expected a time that is not before 1970';
  if ((at as number) > now + MAX_AHEAD)
    return `expected a time at most ${MAX_AHEAD / 60_000} minutes ahead of the clock here`;
  return undefined;
}

/** @throws TowerkitError `BAD_VALUE`, with `details.field` such as `events/3/item` */
export function checkEvents(events: readonly NewEvent[], now: number = Date.now()): void {
  for (const [place, { id, user, item, type, at, answer }] of events.entries()) {
    const check = fieldCheck(`events/${place}`);
    check('id', idFault(id));
    if (user !== '') check('user', idFault(user));
    check('item', idFault(item));
    check('type', idFault(type));
    check('at', timeFault(at, now));
    if (answer !== undefined) check('answer', idFault(answer));
  }
}

/** @throws TowerkitError `BAD_VALUE`, with `details.field` such as `impressions/0/user` */
export function checkImpressions(impressions: readonly Impression[], now: number = Date.now()): void {
  for (const [place, { id, at, experiment, version, user, session }] of impressions.entries()) {
    const check = fieldCheck(`impressions/${place}`);
    check('id', idFault(id));
    check('at', timeFault(at, now));
    check('experiment', idFault(experiment));
    check('version', idFault(version));
    if (user !== undefined) check('user', idFault(user));
    if (session !== undefined) check('session', idFault(session));
  }
}

const fieldCheck = (row: string) => (name: string, fault: string | undefined) => {
  if (fault === undefined) return;
  const field = `${row}/${name}`;
  throw new TowerkitError('BAD_VALUE', `${field}: ${fault}`, {
    hint: `ids are 1 to ${MAX_ID} characters that are not all blank, times are milliseconds since 1970`,
    details: { field, expected: fault },
  });
};
